# Asterisk 22 of Debian forky. Its files come from the YAML: the service `configure` writes them.
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
 && apt-get $APT_OPTIONS install -qy --no-install-recommends asterisk \
 && apt-get clean && rm -rf /var/lib/apt/lists/* \
 # Debian keeps the modules in a folder of the architecture.
 && ln -s "$(dirname "$(find /usr/lib -name res_pjsip.so)")" /usr/lib/liandong-asterisk-modules \
 # The controller's user: it writes the files that this one reads.
 && groupadd --gid 10110 liandong \
 && useradd --uid 10110 --gid liandong --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin liandong \
 && install -d -o liandong -g liandong -m 700 /etc/liandong-asterisk \
      /var/lib/liandong-asterisk /var/lib/liandong-asterisk/keys /var/spool/liandong-asterisk \
      /var/spool/liandong-asterisk/recording \
      /var/log/liandong-asterisk /run/liandong-asterisk
COPY config/prompts /config/prompts
COPY config/sounds /config/sounds
COPY docker/asterisk.conf /etc/asterisk/asterisk.conf
COPY docker/asterisk.sh /usr/local/bin/liandong-asterisk
USER liandong
EXPOSE 5060/udp 5060/tcp 8088
HEALTHCHECK --interval=5s --timeout=4s --start-period=30s --retries=6 \
  CMD ["sh", "-c", "asterisk -rx 'core waitfullybooted' | grep -q 'fully booted'"]
CMD ["sh", "/usr/local/bin/liandong-asterisk"]
