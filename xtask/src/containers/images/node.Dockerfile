# Of the image `node`, what the builder's stage takes: this machine's Node and npm.
FROM scratch
COPY --from=programs node /usr/local/bin/node
COPY --from=modules . /usr/local/lib/node_modules
