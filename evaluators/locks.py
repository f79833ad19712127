"""Locks on files, by which processes of one machine share out what it has."""

import fcntl
import os
from pathlib import Path


def lock_take(path: Path) -> int | None:
    """Locks a file, which is made if need be, without waiting.

    Returns:
        A descriptor that holds the lock until it is closed, or the kernel closes it since the
        process is gone; None when somebody else holds it.

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
    return descriptor
