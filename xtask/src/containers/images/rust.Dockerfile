# What the image `rust` has: a compiler of C, rustup, and this machine's toolchain and trusted authorities.
FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install --yes --no-install-recommends build-essential ca-certificates git
ARG TOOLCHAIN
COPY --from=toolchain . /usr/local/rustup/toolchains/${TOOLCHAIN}
COPY --from=programs rustup /usr/local/cargo/bin/rustup
COPY --from=programs rustup /usr/local/cargo/bin/cargo
COPY --from=programs rustup /usr/local/cargo/bin/rustc
COPY --from=authorities ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
ENV PATH=/usr/local/cargo/bin:/usr/local/bin:/usr/bin:/bin \
    RUSTUP_HOME=/usr/local/rustup \
    CARGO_HOME=/usr/local/cargo \
    NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt
