#!/usr/bin/env bash
# Builds the server's image and the CPU runtime's without an image registry, and without any network
# while they are built: make_images.sh [server|runtime ...]
#
# The base is made from Debian's packages (scripts/make_base.sh), unless BASE names one that the engine
# has. Packages come from docker/wheels/, which this fills with pip as it is set up on this machine.
set -euo pipefail
cd "$(dirname "$0")/.."
base=${BASE:-}
if [ -z "$base" ]; then
    base=springboard-base:local
    scripts/make_base.sh "$base"
fi
# Engines and clients without BuildKit have the older builder.
if ! docker buildx version >/dev/null 2>&1; then
    export DOCKER_BUILDKIT=0
fi
version=$(docker run --rm --pull never --network none "$base" python3 -c \
    'import sys; print("%d.%d" % sys.version_info[:2])')

# Fills docker/wheels/NAME with the wheels of requirements/NAME.txt, for the base's Python.
wheels() {
    local folder=docker/wheels/$1 requirements=requirements/$1.txt known
    known="$version $(cat "$requirements" requirements/constraints.txt | sha256sum)"
    if [ "$(cat "$folder/.made" 2>/dev/null)" = "$known" ]; then
        return
    fi
    echo "collecting the packages of $requirements in $folder"
    rm -f "$folder"/*.whl "$folder/.made"
    # What they need besides is told by pip for its own Python; one before 3.11.3 needs this, too.
    local older=(async-timeout -c requirements/constraints.txt) pip=(.venv/bin/python -m pip --disable-pip-version-check -qq download
        --only-binary :all: --python-version "$version" --dest "$folder")
    if [ "$1" = runtime ]; then
        # As in make_runtime.sh: a CPU build, from its own index where that can be reached.
        "${pip[@]}" --retries 0 --timeout 10 --no-deps \
            --index-url https://download.pytorch.org/whl/cpu "$(grep '^torch==' "$requirements")" \
            2>/dev/null || true
    fi
    "${pip[@]}" --find-links "$folder" -r "$requirements" "${older[@]}"
    echo "$known" >"$folder/.made"
}

[ $# -gt 0 ] || set -- server runtime
for name in "$@"; do
    case $name in
        server) image=server ;;
        runtime) image=runtime-cpu ;;
        *) echo "there is no image $name: write server or runtime" >&2 && exit 1 ;;
    esac
    wheels "$name"
    echo "building springboard-$image:local"
    docker build --quiet --network none --file "docker/$image.Dockerfile" \
        --tag "springboard-$image:local" --build-arg "BASE=$base" \
        --build-arg PIP_NO_INDEX=1 --build-arg PIP_FIND_LINKS=/build/wheels .
done
