# Springboard's own programs: web process, worker and beat are this one image. It is built from the
# root of the repository; docker/README.md tells how, how to pin BASE, and how without an index.
ARG BASE=python:3.11-slim-bookworm

FROM ${BASE} AS packages
# Read by pip. They stay behind in this stage, which is no part of the image.
ARG PIP_INDEX_URL
ARG PIP_EXTRA_INDEX_URL
ARG PIP_FIND_LINKS
ARG PIP_NO_INDEX
WORKDIR /build
COPY requirements/server.txt requirements/constraints.txt requirements/
COPY docker/wheels/server wheels
RUN python3 -m venv /opt/springboard/venv \
    && /opt/springboard/venv/bin/python -m pip --disable-pip-version-check --no-cache-dir install \
        -r requirements/server.txt
WORKDIR /opt/springboard/server
COPY manage.py pyproject.toml ./
COPY evaluators evaluators
COPY server server
COPY client client
COPY tasks tasks
COPY starter_kits starter_kits
# Nothing can be written there later: what is compiled once starts faster.
RUN /opt/springboard/venv/bin/python -m compileall -q .

FROM ${BASE}
LABEL org.opencontainers.image.title="Springboard server"
RUN groupadd --gid 10001 springboard \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin springboard \
    && install -d -m 0700 -o springboard -g springboard /var/lib/springboard
COPY --from=packages /opt/springboard/venv /opt/springboard/venv
COPY --from=packages /opt/springboard/server /opt/springboard/server
WORKDIR /opt/springboard/server
ENV PATH=/opt/springboard/venv/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    MPLCONFIGDIR=/tmp/matplotlib \
    DJANGO_SETTINGS_MODULE=server.settings.production \
    SPRINGBOARD_VAR=/var/lib/springboard \
    SPRINGBOARD_SANDBOX=docker \
    BIND=0.0.0.0:8000
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s CMD ["python", "-m", "server.health"]
CMD ["gunicorn", "-c", "server/gunicorn_conf.py", "server.wsgi"]
