# PostgreSQL of Debian forky: tickets, history, people, audit.
ARG BASE=debian:forky-slim
FROM ${BASE}
ARG DEBIAN_MIRROR
ARG APT_OPTIONS
ENV DEBIAN_FRONTEND=noninteractive
RUN if [ -n "$DEBIAN_MIRROR" ]; then \
      rm -f /etc/apt/sources.list.d/debian.sources; \
      echo "deb $DEBIAN_MIRROR forky main" > /etc/apt/sources.list; \
    fi \
 && apt-get $APT_OPTIONS update -q \
 # No cluster of Debian's own.
 && mkdir -p /etc/postgresql-common && echo 'create_main_cluster = false' > /etc/postgresql-common/createcluster.conf \
 && apt-get $APT_OPTIONS install -qy --no-install-recommends postgresql tzdata \
 && apt-get clean && rm -rf /var/lib/apt/lists/* \
 && ln -s "$(dirname "$(find /usr/lib/postgresql -name initdb)")" /usr/lib/liandong-postgres \
 && install -d -o postgres -g postgres -m 700 /data
COPY docker/postgres.sh /usr/local/bin/liandong-postgres
USER postgres
WORKDIR /data
EXPOSE 5432
HEALTHCHECK --interval=5s --timeout=4s --start-period=30s --retries=6 \
  CMD ["/usr/lib/liandong-postgres/pg_isready", "-q", "-h", "127.0.0.1", "-d", "liandong"]
# Fast: SIGTERM would wait until everybody has left.
STOPSIGNAL SIGINT
CMD ["sh", "/usr/local/bin/liandong-postgres"]
