#!/usr/bin/env bash
# A Docker engine of our own, for tests: engine.sh start|stop|status|remove
#
# It listens on no network, changes no firewall, joins no registry, and keeps all it has in one folder,
# var/engine or SPRINGBOARD_ENGINE_DIR, beside any other engine of this machine.
#   eval "$(scripts/engine.sh start)"   starts it where it isn't running, and exports DOCKER_HOST
# stop leaves its images for the next start; remove does not.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$(realpath -m "${SPRINGBOARD_ENGINE_DIR:-var/engine}")
# Its sockets are elsewhere: the kernel allows their paths 107 bytes.
run=/run/springboard-engine-$(echo "$folder" | cksum | cut -d' ' -f1)
socket="$run/docker.sock"
pidfile="$run/dockerd.pid"
log="$folder/dockerd.log"
START_SECONDS=60
STOP_SECONDS=30

fail() {
    echo "engine.sh: $*" >&2
    exit 1
}

# The engine's process, where it runs: a number may be somebody else's after a crash.
engine_pid() {
    local pid
    pid=$(cat "$pidfile" 2>/dev/null) || return 1
    grep -qzxF -- "$pidfile" "/proc/$pid/cmdline" 2>/dev/null || return 1
    echo "$pid"
}

answers() {
    docker -H "unix://$socket" version >/dev/null 2>&1
}

start() {
    [ "$(id -u)" = 0 ] || fail "an engine needs root; start it as root, or name one with DOCKER_HOST"
    for program in dockerd docker; do
        command -v "$program" >/dev/null || fail "$program is missing: install the package docker.io"
    done
    if ! engine_pid >/dev/null; then
        unmount_all
        mkdir -p "$folder" "$run"
        rm -f "$pidfile" "$socket"
        # An old runsc takes a network of none for the machine's own, and refuses; told to have none,
        # any runsc has none.
        local settings='{}'
        if command -v runsc >/dev/null; then
            settings="{\"runtimes\": {\"runsc\": {\"path\": \"$(command -v runsc)\","
            settings+=' "runtimeArgs": ["--network=none"]}}}'
        fi
        # It needs nothing of this environment, where a proxy or a certificate would only lead
        # outside, nor of the settings that the machine has for an engine of its own.
        echo "$settings" >"$folder/daemon.json"
        setsid env -i PATH="$PATH" dockerd --config-file "$folder/daemon.json" \
            --data-root "$folder/data" --exec-root "$run/exec" --pidfile "$pidfile" \
            -H "unix://$socket" --iptables=false --ip6tables=false --bridge=none \
            </dev/null >"$log" 2>&1 &
    fi
    local waited=0
    until answers; do
        waited=$((waited + 1))
        if [ "$waited" -gt $((START_SECONDS * 5)) ] ||
            { [ "$waited" -gt 25 ] && ! engine_pid >/dev/null; }; then
            tail -n 5 "$log" >&2
            fail "the engine doesn't start; $log tells more"
        fi
        sleep 0.2
    done
    echo "export DOCKER_HOST=unix://$socket"
}

left_behind() {
    grep -qslzxF -- "$run/exec/containerd/containerd.sock" /proc/[0-9]*/cmdline
}

# Containers' file systems that a killed engine left mounted.
unmount_all() {
    local mount
    # shellcheck disable=SC2013 # a space in a path is written as \040 there
    for mount in $(awk -v data="$folder/" -v run="$run/" \
        'index($2, data) == 1 || index($2, run) == 1 {print $2}' /proc/mounts | sort -r); do
        umount -l "$(printf '%b' "$mount")"
    done
}

stop() {
    local pid waited=0
    # A killed engine leaves its containers running: the next one ends them.
    if ! engine_pid >/dev/null && left_behind; then
        start >/dev/null
    fi
    if pid=$(engine_pid); then
        # Not asked first: a sandbox's processes needn't end in good order.
        docker -H "unix://$socket" ps -q | xargs -r docker -H "unix://$socket" kill >/dev/null || true
        kill "$pid"
        while engine_pid >/dev/null; do
            waited=$((waited + 1))
            [ "$waited" -le "$((STOP_SECONDS * 5))" ] || kill -9 "$pid" 2>/dev/null || true
            sleep 0.2
        done
    fi
    unmount_all
    rm -rf "$run"
}

remove() {
    stop
    rm -rf "$folder"
}

status() {
    if answers; then
        docker -H "unix://$socket" info --format \
            'running {{.ServerVersion}}, {{.Driver}}, runtimes{{range $name, $_ := .Runtimes}} {{$name}}{{end}}'
        echo "export DOCKER_HOST=unix://$socket"
    else
        echo "no engine runs in $folder"
        return 3
    fi
}

case ${1:-} in
    start | stop | status | remove) "$1" ;;
    *) fail "usage: engine.sh start|stop|status|remove" ;;
esac
