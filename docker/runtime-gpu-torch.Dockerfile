# What models run in on a GPU, with PyTorch. Its plain package for Linux brings
# CUDA 13, whose files and those of TensorFlow's CUDA 12 overwrite each other: hence two images.
# The host has the driver and NVIDIA's container toolkit. The project's own checks don't build this
# image: docker/README.md tells why.
ARG BASE=python:3.11-slim-bookworm

FROM ${BASE} AS packages
# Read by pip. They stay behind in this stage, which is no part of the image.
ARG PIP_INDEX_URL
ARG PIP_EXTRA_INDEX_URL
ARG PIP_FIND_LINKS
ARG PIP_NO_INDEX
WORKDIR /build
COPY requirements/runtime.txt requirements/
RUN grep -vE '^(tensorflow|tf2onnx)' \
        requirements/runtime.txt >requirements/gpu.txt \
    && python3 -m venv /opt/springboard/runtime \
    && /opt/springboard/runtime/bin/python -m pip --disable-pip-version-check --no-cache-dir install \
        -r requirements/gpu.txt
# Imports are three times slower without these. Some packages have files of other versions in them.
RUN /opt/springboard/runtime/bin/python -m compileall -q -j 0 /opt/springboard/runtime/lib || true

FROM ${BASE}
LABEL org.opencontainers.image.title="Springboard runtime, GPU with PyTorch" \
    org.springboard.python=/opt/springboard/runtime/bin/python
COPY --from=packages /opt/springboard/runtime /opt/springboard/runtime
# Keras computes with TensorFlow unless it is told otherwise.
ENV KERAS_BACKEND=torch
# Where a job's files are mounted.
RUN mkdir /job
WORKDIR /tmp
USER 1000:1000
HEALTHCHECK NONE
