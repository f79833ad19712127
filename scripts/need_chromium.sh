#!/bin/sh
# The browser tests drive the distribution's Chromium; this installs it where that is possible.
set -eu
if command -v chromium >/dev/null 2>&1; then
    exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "installing chromium for the browser tests"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        chromium fonts-dejavu-core >/dev/null
    exit 0
fi
echo "The browser tests need Chromium: install the package chromium (sudo apt install chromium)." >&2
exit 1
