# Redis of Debian forky: calls under way and the stream of live events.
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
 && apt-get $APT_OPTIONS install -qy --no-install-recommends redis-server \
 && apt-get clean && rm -rf /var/lib/apt/lists/* \
 && install -d -o redis -g redis -m 700 /data
USER redis
WORKDIR /data
EXPOSE 6379
HEALTHCHECK --interval=5s --timeout=4s --start-period=10s --retries=6 \
  CMD ["sh", "-c", "redis-cli ping | grep -q PONG"]
CMD ["redis-server", "--bind", "0.0.0.0", "--protected-mode", "no", "--dir", "/data", "--appendonly", "yes"]
