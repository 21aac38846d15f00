# Debian's PostgreSQL, started by the variables and as the user of the image `postgres`.
FROM debian:bookworm-slim
RUN groupadd --gid 999 postgres \
    && useradd --uid 999 --gid postgres postgres \
    && apt-get update \
    && apt-get install --yes --no-install-recommends postgresql \
    && apt-get clean \
    && rm -rf /var/lib/apt/lists/* \
    && install --directory --owner=postgres --mode=700 /var/lib/postgresql/data
COPY postgres.sh /usr/local/bin/start
ENV PATH=/usr/lib/postgresql/15/bin:/usr/bin:/bin \
    PGDATA=/var/lib/postgresql/data
ENTRYPOINT ["/bin/sh", "-eu", "/usr/local/bin/start"]
