"""Locks on files, by which processes of one machine share out what it has."""

import fcntl
import os
from pathlib import Path

_held: set[int] = set()


def lock_take(path: Path) -> int | None:
    """Locks a file, which is made if need be, without waiting.

    Returns:
        A descriptor for `lock_release`; the kernel releases the lock as well when the process is
        gone. None when somebody else holds it.

    Raises:
        OSError: it can't be opened.
    """
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    except BaseException:
        os.close(descriptor)
        raise
    _held.add(descriptor)
    return descriptor


def lock_release(descriptor: int) -> None:
    """Releases a lock."""
    _held.discard(descriptor)
    os.close(descriptor)


def _leave_to_parent() -> None:
    """Closes a new process's copies: with them the locks would outlive their holder's release."""
    while _held:
        os.close(_held.pop())


os.register_at_fork(after_in_child=_leave_to_parent)
