# syntax=docker/dockerfile:1

FROM node:20-bookworm-slim AS node

FROM rust:1.95-bookworm AS builder
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=node /usr/local/lib/node_modules /usr/local/lib/node_modules
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm \
    && rustup target add wasm32-unknown-unknown
WORKDIR /build
COPY . .
# The server and the page are built at one path: the addresses of the server's functions have to agree.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/build/target \
    --mount=type=cache,target=/root/.npm \
    cargo xtask build --release \
    && install -D target/release/gridspark /out/usr/local/bin/gridspark \
    && mkdir -p /out/usr/share/gridspark \
    && cp -R site /out/usr/share/gridspark/site

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates curl \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /data --create-home gridspark
COPY --from=builder /out/ /
USER gridspark
WORKDIR /data
VOLUME /data
ENV GRIDSPARK_DATABASE=sqlite:///data/gridspark.db \
    GRIDSPARK_LISTEN=0.0.0.0:8000 \
    GRIDSPARK_SITE=/usr/share/gridspark/site
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["curl", "--fail", "--silent", "--output", "/dev/null", "http://127.0.0.1:8000/healthz"]
ENTRYPOINT ["gridspark"]
CMD ["serve"]
