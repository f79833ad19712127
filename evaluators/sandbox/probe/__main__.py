"""Tries each attempt and sends the names of those that worked."""

import ctypes
import json
import os
import socket
import struct
import sys
from collections.abc import Callable
from pathlib import Path

CLONE_NEWUSER = 0x10000000
AF_VSOCK = 40
READY = 3  # evaluators.runner.frames.Kind.READY; a program imports nothing of the host's


def main() -> None:
    """Runs all attempts; the one argument is a file of the host."""
    attempts: dict[str, Callable[[], object]] = {
        "reach a network": _reach,
        "open a vsock socket": lambda: socket.socket(AF_VSOCK, socket.SOCK_STREAM),
        "read a file of the host": lambda: Path(sys.argv[1]).read_bytes(),
        "read the host's accounts": lambda: Path("/etc/shadow").read_bytes(),
        "write outside its scratch folder": lambda: Path("/job/written").write_text("x"),
        "see other processes": lambda: _refuse_if(_processes() <= 4),
        "see the host's environment": lambda: _refuse_if(not _foreign_variables()),
        "make a user namespace": lambda: _called(_libc.unshare(CLONE_NEWUSER)),
        "trace a process": lambda: _called(_libc.ptrace(0, 0, 0, 0)),
        "mount a file system": lambda: _called(_libc.mount(b"x", b"/tmp", b"tmpfs", 0, b"")),
        "be root": lambda: _refuse_if(os.getuid() != 0),
    }
    worked = [name for name, attempt in attempts.items() if _works(attempt)]
    payload = json.dumps({"tried": list(attempts), "worked": worked}).encode()
    sys.stdout.buffer.write(struct.pack("<2sBBI", b"SB", READY, 0, len(payload)) + payload)
    sys.stdout.buffer.flush()


_libc = ctypes.CDLL(None, use_errno=True)


def _works(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except OSError:
        return False
    return True


def _called(result: int) -> None:
    if result != 0:
        raise OSError(ctypes.get_errno(), "refused")


def _refuse_if(held: bool) -> None:
    if held:
        raise PermissionError


def _reach() -> None:
    """Asks for a way to an address for documentation; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.connect(("192.0.2.1", 9))


def _foreign_variables() -> set[bytes]:
    """What the first process was started with and we were not."""
    own = {name + b"=" + value for name, value in os.environb.items()}
    return set(Path("/proc/1/environ").read_bytes().split(b"\0")) - own - {b""}


def _processes() -> int:
    return sum(name.isdigit() for name in os.listdir("/proc"))  # noqa: PTH208 names are enough


if __name__ == "__main__":
    main()
