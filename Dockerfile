# A small image that runs as an unprivileged user, and needs to write nothing but /var/lib/courtesy:
#   docker build -t courtesy .
#   docker run --read-only --cap-drop ALL -v courtesy:/var/lib/courtesy -p 127.0.0.1:50051:50051 \
#       courtesy serve --listen 0.0.0.0:50051 --allow-unauthenticated
# Without arguments it listens inside the container only: without credentials it serves every
# caller.
# Never built where it was written: there was no container engine.
FROM rust:1-slim-bookworm AS build
WORKDIR /src
COPY . .
RUN cargo build --locked --profile dist --bin courtesy && mkdir -p /out/courtesy

FROM debian:bookworm-slim
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /src/target/dist/courtesy /usr/local/bin/courtesy
COPY --from=build --chown=65532:65532 /out/courtesy /var/lib/courtesy
USER 65532:65532
WORKDIR /var/lib/courtesy
VOLUME /var/lib/courtesy
ENV COURTESY_STORE=/var/lib/courtesy/store COURTESY_JOURNAL=/var/lib/courtesy/journal
EXPOSE 50051 50052 9090
STOPSIGNAL SIGTERM
# No shell, no curl: the command asks its own API. It needs no key; over TLS it needs
# COURTESY_SERVER and COURTESY_CA_FILE.
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 CMD ["courtesy", "health"]
ENTRYPOINT ["courtesy"]
CMD ["serve"]
