"""The behaviours: each is asked for by name in the first frame."""

import ctypes
import errno
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

# The frames of evaluators.runner.frames, by hand: this file also runs alone inside a sandbox.
HELLO, ANSWER = 1, 5


def frame(kind: int, payload: bytes) -> bytes:
    return b"SB" + bytes([kind, 0]) + len(payload).to_bytes(4, "little") + payload


def read(stdin: BinaryIO) -> bytes:
    header = b""
    while len(header) < 8:
        piece = stdin.read(8 - len(header))
        if not piece:
            return b""
        header += piece
    payload = b""
    while len(payload) < int.from_bytes(header[4:], "little"):
        payload += stdin.read(int.from_bytes(header[4:], "little") - len(payload))
    return payload


def write(stream: BinaryIO, content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[stream.write(view) :]


def echo(stdin: BinaryIO, stdout: BinaryIO, stderr: BinaryIO) -> None:
    while payload := read(stdin):
        write(stdout, frame(ANSWER, payload))


def chatty(stdin: BinaryIO, stdout: BinaryIO, stderr: BinaryIO) -> None:
    write(stderr, b"a line\n" * 1000)
    write(stdout, frame(ANSWER, b"done"))
    stdin.read(1)


def flood(stdin: BinaryIO, stdout: BinaryIO, stderr: BinaryIO) -> None:
    while True:
        write(stderr, b"x" * 65_536)


def silent(stdin: BinaryIO, stdout: BinaryIO, stderr: BinaryIO) -> None:
    stdin.read(1)


def deaf(stdin: BinaryIO, stdout: BinaryIO, stderr: BinaryIO) -> None:
    time.sleep(3)


def leaves(stdin: BinaryIO, stdout: BinaryIO, stderr: BinaryIO) -> None:
    sys.exit(7)


def hungry(stdin: BinaryIO, stdout: BinaryIO, stderr: BinaryIO) -> None:
    kept = []
    while True:
        kept.append(bytes(8 << 20).replace(b"\0", b"x"))


def starved(stdin: BinaryIO, stdout: BinaryIO, stderr: BinaryIO) -> None:
    """What stands for `hungry` where memory is not limited."""
    raise MemoryError


def garbage(stdin: BinaryIO, stdout: BinaryIO, stderr: BinaryIO) -> None:
    write(stdout, b"\x00\xff" * 100)
    stdin.read(1)


def partial(stdin: BinaryIO, stdout: BinaryIO, stderr: BinaryIO) -> None:
    write(stdout, frame(ANSWER, b"x" * 100)[:50])


def boastful(stdin: BinaryIO, stdout: BinaryIO, stderr: BinaryIO) -> None:
    write(stdout, b"SB" + bytes([ANSWER, 0]) + b"\xff\xff\xff\xff" + b"x" * 100)
    stdin.read(1)


def kills(stdin: BinaryIO, stdout: BinaryIO, stderr: BinaryIO) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def calls(stdin: BinaryIO, stdout: BinaryIO, stderr: BinaryIO) -> None:
    """Tells which error a system call without arguments ends with, by its number."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall(*[ctypes.c_long(int(read(stdin))), *[ctypes.c_long(0)] * 6])
    write(stdout, frame(ANSWER, errno.errorcode.get(ctypes.get_errno(), "none").encode()))


def lists(stdin: BinaryIO, stdout: BinaryIO, stderr: BinaryIO) -> None:
    """Tells what is in a folder: owner, mode and text, and what writing into it meets."""
    folder = Path(read(stdin).decode())
    told: dict[str, object] = {}
    for path in folder.rglob("*"):
        found = path.stat()
        text = path.read_text() if path.is_file() else None
        told[path.relative_to(folder).as_posix()] = [found.st_uid, found.st_mode & 0o7777, text]
    try:
        (folder / "new").write_text("x")
    except OSError as error:
        told["written"] = errno.errorcode[error.errno or 0]
    write(stdout, frame(ANSWER, json.dumps(told).encode()))


BEHAVIOURS: dict[str, Callable[[BinaryIO, BinaryIO, BinaryIO], None]] = {
    behaviour.__name__: behaviour
    for behaviour in (
        echo, chatty, flood, silent, deaf, leaves, hungry, starved, garbage, partial, boastful,
        kills, calls, lists,
    )
}  # fmt: skip


def serve(stdin: BinaryIO, stdout: BinaryIO, stderr: BinaryIO) -> None:
    write(stdout, frame(HELLO, b""))
    BEHAVIOURS[read(stdin).decode()](stdin, stdout, stderr)
