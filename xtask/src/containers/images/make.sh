#!/bin/bash
# Makes images that tests take from elsewhere, unless they are there: no registry of images is asked.
#
#   make.sh debian             the base, from Debian's packages
#   make.sh services OPENBAO   PostgreSQL and OpenBao, under the names that compose.yaml has; OPENBAO holds the program
#   make.sh compilers          Rust and Node, from what is on this machine, under the names that the Dockerfile has
set -euo pipefail
here=$(dirname "$(realpath "${BASH_SOURCE[0]}")")

build() { # IMAGE DOCKERFILE CONTEXT OPTION…
    local image=$1 file=$here/$2 context=$3
    shift 3
    podman image exists "$image" || buildah bud --isolation chroot --pull-never --tag "$image" --file "$file" "$@" "$context"
}

case $1 in
debian)
    image=docker.io/library/debian:bookworm-slim
    podman image exists $image && exit
    root=$(mktemp --directory)
    trap 'rm -rf "$root"' EXIT
    # From where this machine has its packages.
    # shellcheck disable=SC2016
    mirror=$(apt-get indextargets --format '$(SITE) $(CREATED_BY)' | sed -n 's,/debian/* Packages$,/debian,p' | head -n 1)
    debootstrap --variant=minbase bookworm "$root" ${mirror:+"$mirror"}
    rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/*_*
    tar --create --directory "$root" . | podman import - $image
    ;;
services)
    build docker.io/library/postgres:17-bookworm postgres.Dockerfile "$here"
    build docker.io/openbao/openbao:2 openbao.Dockerfile "$2"
    ;;
compilers)
    toolchain=$(rustc --print sysroot)
    npm=$(realpath "$(command -v npm)")
    build docker.io/library/node:20-bookworm-slim node.Dockerfile "$here" \
        --build-context "programs=$(dirname "$(realpath "$(command -v node)")")" \
        --build-context "modules=${npm%/npm/bin/*}"
    build docker.io/library/rust:1.95-bookworm rust.Dockerfile "$here" \
        --build-context "toolchain=$toolchain" \
        --build-context "programs=$(dirname "$(command -v rustup)")" \
        --build-context authorities=/etc/ssl/certs \
        --build-arg "TOOLCHAIN=$(rustc -vV | sed -n 's/^release: //p')-$(rustc -vV | sed -n 's/^host: //p')"
    ;;
esac
