#!/bin/sh
# As root: runs the sandbox's tests and the attacks as an ordinary user, from a copy of the tree and
# with an environment that this user can read. They need no machine-learning framework, only numpy.
set -eu
if [ "$(id -u)" != 0 ]; then
    exec .venv/bin/python -m pytest -m "sandbox and not docker" tests/evaluators tests/attacks "$@"
fi
uid=54321
python=$(for p in /usr/bin/python3 /usr/bin/python3.13 /usr/bin/python3.12 /usr/bin/python3.11; do
    if "$p" -c 'import sys, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
        2>/dev/null; then echo "$p"; break; fi; done)
if [ -z "$python" ]; then
    echo "no Python 3.11 to 3.13 with venv under /usr/bin: install python3 and python3-venv" >&2
    exit 1
fi
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
git ls-files -z | xargs -0 cp --parents -t "$copy"
"$python" -m venv "$copy/.venv"
"$copy/.venv/bin/python" -m pip --disable-pip-version-check --quiet install \
    -r requirements/dev.txt
chown -R "$uid:$uid" "$copy"
cd "$copy"
setpriv --reuid "$uid" --regid "$uid" --clear-groups \
    env -u DOCKER_HOST SPRINGBOARD_TEST_BACKENDS=bubblewrap \
    HOME="$copy" USER=ordinary SPRINGBOARD_RUNTIME="$copy/.venv" \
    "$copy/.venv/bin/python" -m pytest -p no:cacheprovider -m "sandbox and not docker" \
    tests/evaluators tests/attacks "$@"
