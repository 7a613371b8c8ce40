# The image of the action and of the gate before a deploy: one static program, and the three tools that
# Kubernetes-mode runners need (`sh`, `env`, `tail`).
#
# Both bases can be replaced, for a mirror or another libc; the digests are those of the multi-platform indexes.
ARG BUILDER=docker.io/library/rust:1.95.0-alpine3.23@sha256:606fd313a0f49743ee2a7bd49a0914bab7deedb12791f3a846a34a4711db7ed2
ARG RUNTIME=docker.io/library/busybox:1.37.0-musl@sha256:5cec3fc171c87218698e85a52af7087de727372aae264a787b8112901a5b0092

FROM ${BUILDER} AS build
WORKDIR /build

# Dependencies first, against empty sources: this layer is kept until the manifests change.
COPY Cargo.toml Cargo.lock build.rs ./
COPY src/log-text/Cargo.toml src/log-text/Cargo.toml
COPY tests/simulator/Cargo.toml tests/simulator/Cargo.toml
COPY .ci/build-static .ci/build-static
RUN sh .ci/build-static dependencies

COPY src src
RUN sh .ci/build-static program

FROM ${RUNTIME}
ARG VERSION=unknown
ARG REVISION=unknown
LABEL org.opencontainers.image.title="acr-preflight" \
      org.opencontainers.image.description="Checks before a build whether its job can sign in to its Azure Container Registry, pull and push, and for how long" \
      org.opencontainers.image.licenses="MIT OR Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY LICENSE-MIT LICENSE-APACHE /usr/share/licenses/acr-preflight/
COPY --from=build /acr-preflight /acr-preflight
ENTRYPOINT ["/acr-preflight"]
