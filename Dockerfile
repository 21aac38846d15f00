# syntax=docker/dockerfile:1

# Name your registry's copies here, by digest where an image has to come out the same again.
ARG RUST=rust:1.95-bookworm
ARG NODE=node:20-bookworm-slim
ARG DEBIAN=debian:bookworm-slim

FROM ${NODE} AS node

FROM ${RUST} AS builder
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=node /usr/local/lib/node_modules /usr/local/lib/node_modules
# The image's own toolchain, without the parts that rust-toolchain.toml asks for daily work.
ENV RUSTUP_TOOLCHAIN=1.95.0
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm \
    && rustup target add wasm32-unknown-unknown
WORKDIR /build
COPY . .
# The lists of parts come first: a fault in them shows before the long compilation. Without the compiler's information
# for debuggers the program is a fifth as large; the names of functions stay, for what a panic says.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/build/target \
    --mount=type=cache,target=/root/.npm \
    cargo xtask sbom --out /out/usr/share/gridspark/sbom \
    && cargo xtask build --release \
    && mkdir -p /out/usr/local/bin \
    && strip --strip-debug -o /out/usr/local/bin/gridspark target/release/gridspark \
    && cp -R site /out/usr/share/gridspark/site

FROM ${DEBIAN} AS runtime
# Files that are written get this time, so that the same input gives the same image: `git log -1 --format=%ct`.
ARG SOURCE_DATE_EPOCH=0
# Debian's security updates are to come in by themselves: the version of the authorities is not pinned.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/* /var/log/apt /var/log/dpkg.log /var/log/alternatives.log /var/cache/ldconfig/aux-cache \
    && groupadd --system --gid 10001 gridspark \
    && useradd --system --uid 10001 --gid gridspark --home-dir /data --create-home --shell /usr/sbin/nologin gridspark
COPY --from=builder /out/ /
ARG VERSION=0.2.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Gridspark" \
    org.opencontainers.image.description="Forecasts overloads of distribution transformers" \
    org.opencontainers.image.licenses="Apache-2.0" \
    org.opencontainers.image.version="${VERSION}" \
    org.opencontainers.image.revision="${REVISION}" \
    org.opencontainers.image.base.name="debian:bookworm-slim" \
    gridspark.sbom="/usr/share/gridspark/sbom"
# The database is not named here: a variable would win over a settings file. Without one it is data/gridspark.db, seen from /.
# It listens beyond its own loopback, so `serve` starts with a settings file that has a way in alone: [identity.way_in].
ENV GRIDSPARK_LISTEN=0.0.0.0:8000 \
    GRIDSPARK_SITE=/usr/share/gridspark/site
# By number, so that Kubernetes can see that it is not root. Nothing else than /data is written to.
USER 10001:10001
WORKDIR /
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD ["gridspark", "health"]
ENTRYPOINT ["gridspark"]
CMD ["serve"]
