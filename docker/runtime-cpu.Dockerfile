# What models run in, without a GPU. docker/README.md tells how to build it, how to pin BASE, and how
# without an index. `make image` makes the same from the runtime of this machine.
ARG BASE=python:3.11-slim-bookworm

FROM ${BASE} AS packages
# Read by pip. They stay behind in this stage, which is no part of the image.
ARG PIP_INDEX_URL
ARG PIP_EXTRA_INDEX_URL
ARG PIP_FIND_LINKS
ARG PIP_NO_INDEX
WORKDIR /build
COPY requirements/runtime.txt requirements/
COPY scripts/make_runtime.sh scripts/
COPY docker/wheels/runtime wheels
RUN PIP_NO_CACHE_DIR=1 scripts/make_runtime.sh python3 /opt/springboard/runtime

FROM ${BASE}
LABEL org.opencontainers.image.title="Springboard runtime, CPU" \
    org.springboard.python=/opt/springboard/runtime/bin/python
COPY --from=packages /opt/springboard/runtime /opt/springboard/runtime
# Where a job's files are mounted.
RUN mkdir /job
WORKDIR /tmp
USER 1000:1000
HEALTHCHECK NONE
