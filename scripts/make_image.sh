#!/usr/bin/env bash
# Makes the image that models run in from the runtime that lies here, without any image registry:
#   scripts/make_image.sh [NAME]
#
# NAME is springboard-runtime:local where none is given. SPRINGBOARD_RUNTIME names another runtime,
# DOCKER_HOST another engine. An engine that has the image with the same content keeps it.
set -euo pipefail
name=${1:-springboard-runtime:local}
cd "$(dirname "$0")/.."

say_how() {
    echo "to judge in it:  export SPRINGBOARD_IMAGE=$name"
    echo "to test in it:   export SPRINGBOARD_TEST_IMAGE=$name"
}

if ! command -v docker >/dev/null 2>&1; then
    echo "the command docker is missing: install the package docker.io, or docker-cli" >&2
    exit 1
fi
if ! docker version >/dev/null 2>&1; then
    echo "no Docker engine answers at ${DOCKER_HOST:-the usual place}: start one (scripts/engine.sh" \
        "start makes one for tests), or say where it is with DOCKER_HOST" >&2
    exit 1
fi
labels=$(.venv/bin/python -m scripts.runtime_image labels)
content=$(echo "$labels" | sed -n 's/^org.springboard.content=//p')
python=$(echo "$labels" | sed -n 's/^org.springboard.python=//p')
there=$(docker image inspect --format '{{index .Config.Labels "org.springboard.content"}}' "$name" \
    2>/dev/null || true)
if [ "$there" = "$content" ]; then
    echo "$name is up to date"
    say_how
    exit 0
fi
echo "making $name (all of the runtime: half a minute or more)"
changes=(--change "WORKDIR /tmp" --change "USER 1000:1000")
for label in $labels; do
    changes+=(--change "LABEL $label")
done
# The image gets its name only when all of it has come and its interpreter starts.
unchecked="springboard-unchecked:$$"
trap 'docker rmi "$unchecked" >/dev/null 2>&1 || true' EXIT
.venv/bin/python -m scripts.runtime_image tar | docker import "${changes[@]}" - "$unchecked" >/dev/null
docker run --rm --pull never --network none --read-only --cap-drop ALL --log-driver none "$unchecked" \
    "$python" -I -c 'import ctypes, hashlib, lzma, sqlite3, ssl, zlib, numpy'
docker tag "$unchecked" "$name"
docker image inspect --format '{{.Id}} {{.Size}}' "$name" |
    while read -r id size; do echo "made $name: $id, $((size / 1000000)) MB"; done
say_how
