#!/usr/bin/env bash
# Makes a base for the images where no image registry is in reach: make_base.sh [NAME]
#
# A small Debian with its Python, from Debian's packages, as springboard-base:local or NAME. It needs
# root and debootstrap. An engine that has an image of this recipe keeps it.
set -euo pipefail
name=${1:-springboard-base:local}
suite=bookworm
cd "$(dirname "$0")/.."
recipe=$(sha256sum <"scripts/make_base.sh" | cut -c1-64)
there=$(docker image inspect --format '{{index .Config.Labels "org.springboard.recipe"}}' "$name" \
    2>/dev/null || true)
if [ "$there" = "$recipe" ]; then
    echo "$name is up to date"
    exit 0
fi
if [ "$(id -u)" != 0 ] || ! command -v debootstrap >/dev/null; then
    echo "a base without a registry needs root and the package debootstrap; with a registry, name" \
        "the base instead: make images BASE=python:3.11-slim-bookworm" >&2
    exit 1
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 0755 "$work"
root=$work/root

# Runs a command, and shows what it said only if it fails.
quietly() {
    "$@" >"$work/log" 2>&1 || { tail -n 20 "$work/log" >&2 && exit 1; }
}

echo "making $name (Debian $suite with its Python, a minute)"
quietly debootstrap --variant=minbase --include=python3,python3-venv,ca-certificates "$suite" "$root"
# What was fixed since the release. This machine's resolv.conf, which debootstrap copies, serves only
# for this.
mirror=$(awk '$1 == "deb" {print $2; exit}' "$root/etc/apt/sources.list")
cat >"$root/etc/apt/sources.list" <<END
deb $mirror $suite main
deb $mirror $suite-updates main
deb ${mirror%/*}/debian-security $suite-security main
END
quietly chroot "$root" apt-get update
quietly chroot "$root" env DEBIAN_FRONTEND=noninteractive apt-get upgrade -y
rm -rf "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/* "$root"/var/log/* "$root"/usr/share/doc/* \
    "$root"/usr/share/man/* "$root"/usr/share/locale/* "$root/etc/resolv.conf" "$root/etc/hostname"
tar -C "$root" --exclude './dev/*' -c . |
    docker import --change "LABEL org.springboard.recipe=$recipe" --change 'CMD ["python3"]' - "$name"
