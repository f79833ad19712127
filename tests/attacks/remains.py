"""What a judged submission may have left on this machine, as lines that name it.

Others may judge on the same machine at the same time: only what belongs to this process, or to a
slot that nobody holds, counts.
"""

import contextlib
import fcntl
import functools
import gc
import os
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from docker.constants import DEFAULT_NUM_POOLS

from evaluators.sandbox.cgroups import PREFIX, Hierarchy, hierarchy_find
from evaluators.sandbox.launch import STAGE
from evaluators.sandbox.slots import FIRST_UID, LOCKS, SLOTS
from tests.attacks.engine_remains import engine_remains

# Reaping, unmounting and removing groups take the kernel a moment.
PATIENCE_SECONDS = 5.0
# A client keeps an idle connection for each of the last addresses that it asked; there is one for
# each of two runtimes, and one for looking.
POOLED_CONNECTIONS = 3 * (DEFAULT_NUM_POOLS + 5)
SHARED_FOLDERS = ("/tmp", "/var/tmp", "/dev/shm", "/dev/mqueue", "/run")


def remains_snapshot(marker: str) -> frozenset[str]:
    """All that is there now; `marker` is what the submission names its own things by."""
    return frozenset(
        [
            *(f"process {line}" for line in _processes(marker)),
            *(f"child process {pid}" for pid in _children()),
            *(f"mount {line}" for line in _mounts()),
            *(f"control group {path}" for path in _groups()),
            *(f"file {path}" for path in _files(marker)),
            *(f"shared memory {line}" for line in _system_v()),
            *(f"descriptor {line}" for line in _descriptors()),
            *(f"thread {thread.name}" for thread in threading.enumerate()),
            *(f"slot {path}" for path in _held_slots()),
            *engine_remains(),
        ]
    )


def remains_since(before: frozenset[str], marker: str) -> tuple[str, ...]:
    """What is there now and was not before, once it has had time to go."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (left := remains_snapshot(marker) - before) and time.monotonic() < deadline:
        time.sleep(0.05)
        # Python closes some descriptors when it looks for what nobody holds any more.
        gc.collect()
    return tuple(sorted(left))


def _processes(marker: str) -> Iterator[str]:
    """Those that carry the marker, see our work folders from elsewhere, or own a free slot."""
    own_mounts = Path("/proc/self/ns/mnt").stat().st_ino
    private = tempfile.gettempdir().encode()
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            command = (folder / "cmdline").read_bytes()
            elsewhere = (folder / "ns/mnt").stat().st_ino != own_mounts
            sees_us = elsewhere and private in (folder / "mountinfo").read_bytes()
            if marker.encode() in command or sees_us or _in_free_slot(folder):
                yield f"{folder.name} {command[:200]!r}"


def _in_free_slot(folder: Path) -> bool:
    number = folder.stat().st_uid - FIRST_UID
    if not 0 <= number < SLOTS:
        return False
    try:
        lock = os.open(LOCKS / str(number), os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return True
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(lock)
    # Whoever held the slot may have ended in between, and its processes with it.
    return folder.exists()


def _children() -> Iterator[str]:
    for task in Path("/proc/self/task").glob("*/children"):
        with contextlib.suppress(OSError):
            yield from task.read_text().split()


def _mounts() -> Iterator[str]:
    """Of our files, or where sandboxes are put together; containers have theirs listed apart."""
    ours = (tempfile.gettempdir(), f" {STAGE}/", f" {STAGE} ")
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        if any(word in line for word in ours):
            yield line


@functools.cache
def _hierarchy() -> Hierarchy | None:
    return hierarchy_find()


def _groups() -> Iterator[Path]:
    hierarchy = _hierarchy()
    if hierarchy is not None:
        for parent in set(hierarchy.parents.values()):
            yield from parent.glob(f"{PREFIX}{os.getpid()}-*")


def _files(marker: str) -> Iterator[Path]:
    """All in the folder that this process makes its own in, and what is marked in the shared."""
    yield from Path(tempfile.gettempdir()).iterdir()
    for folder in map(Path, SHARED_FOLDERS):
        with contextlib.suppress(OSError):
            yield from (path for path in folder.iterdir() if marker in path.name)


def _system_v() -> Iterator[str]:
    for path in Path("/proc/sysvipc").glob("*"):
        for line in path.read_text().splitlines()[1:]:
            if any(str(FIRST_UID + number) in line.split() for number in range(SLOTS)):
                yield f"{path.name} {line}"


def _descriptors() -> Iterator[str]:
    """All but connections to the engine, which a pool keeps; too many of those are told, too."""
    to_engine = 0
    for path in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):
            target = str(path.readlink())
            if target.startswith("socket:") and _is_to_engine(int(path.name)):
                to_engine += 1
            # The folder that is being listed is open itself.
            elif not target.startswith(f"/proc/{os.getpid()}/fd"):
                yield f"{path.name} {target}"
    if to_engine > POOLED_CONNECTIONS:
        yield f"to the engine, {to_engine} in all"


def _is_to_engine(descriptor: int) -> bool:
    with socket.socket(fileno=os.dup(descriptor)) as one, contextlib.suppress(OSError):
        peer = one.getpeername()
        return isinstance(peer, str) and peer.endswith("docker.sock")
    return False


def _held_slots() -> Iterator[str]:
    return (line for line in _descriptors() if str(LOCKS) in line)
