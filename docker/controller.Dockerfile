# The controller. Context: the root of the repository.
ARG BASE=debian:forky-slim

FROM ${BASE} AS node
ARG DEBIAN_MIRROR
# Such as -o Acquire::Check-Valid-Until=false for a frozen mirror.
ARG APT_OPTIONS
ENV DEBIAN_FRONTEND=noninteractive
RUN if [ -n "$DEBIAN_MIRROR" ]; then \
      rm -f /etc/apt/sources.list.d/debian.sources; \
      echo "deb $DEBIAN_MIRROR forky main" > /etc/apt/sources.list; \
    fi \
 && apt-get $APT_OPTIONS update -q \
 && apt-get $APT_OPTIONS install -qy --no-install-recommends nodejs ca-certificates \
 && apt-get clean && rm -rf /var/lib/apt/lists/*
WORKDIR /app

FROM node AS npm
ARG APT_OPTIONS
RUN apt-get $APT_OPTIONS update -q \
 && apt-get $APT_OPTIONS install -qy --no-install-recommends npm
# Authorities of a proxy that opens TLS, as *.crt; they stay in the build stages.
COPY docker/certificates/ /usr/local/share/ca-certificates/
RUN update-ca-certificates
ARG NPM_REGISTRY=https://registry.npmjs.org/
ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt npm_config_registry=${NPM_REGISTRY}
COPY .npmrc package.json package-lock.json ./

FROM npm AS dependencies
RUN npm ci --omit=dev

FROM npm AS build
RUN npm ci --include=dev
COPY . .
RUN node --import ./tools/with-ts.js tools/build.ts

FROM node
LABEL org.opencontainers.image.title="Liandong 联动: controller"
RUN groupadd --gid 10110 liandong \
 && useradd --uid 10110 --gid liandong --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin liandong \
 && install -d -o liandong -g liandong -m 700 /etc/liandong-asterisk
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json ./
COPY config/liandong.yaml /config/
COPY config/prompts /config/prompts
COPY config/sounds /config/sounds
COPY config/lists /config/lists
ENV NODE_ENV=production LIANDONG_CONFIG=/config/liandong.yaml LIANDONG_MEDIA=/config
USER liandong
EXPOSE 7000
HEALTHCHECK --interval=5s --timeout=4s --start-period=30s --retries=6 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.LIANDONG_HTTP_PORT ?? 7000}/api/health`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--enable-source-maps", "dist/server/main.js"]
