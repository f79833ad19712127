"""Lies beside each submission: it tries things and says how each went."""

import ctypes
import errno
import json
import os
import struct
from pathlib import Path
from types import SimpleNamespace

import numpy as np

FOLDER = Path(__file__).parent
# Told to each run, so that what it leaves can be told from what others leave.
MARKER = (FOLDER / "marker.txt").read_text()
# What lies on the host for it to reach.
BAIT = SimpleNamespace(**json.loads((FOLDER / "bait.json").read_text()))
PRACTICE_ITEMS = 30
_libc = ctypes.CDLL(None, use_errno=True)


def attempt(name, call):
    """Calls, and prints whether it was refused; returns what came of it."""
    try:
        result = call()
    except OSError as error:
        reason = errno.errorcode.get(error.errno, error.errno) if error.errno else error
        print(f"{name}: refused {reason}", flush=True)
    except Exception as error:
        print(f"{name}: refused {type(error).__name__}", flush=True)
    else:
        print(f"{name}: SUCCEEDED {result!r}"[:200], flush=True)
        return result
    return None


def argument():
    """What the attack was told."""
    return (FOLDER / "argument.txt").read_text()


def system_call(number, *arguments):
    """Makes a system call; raises OSError when it is refused."""
    words = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    result = _libc.syscall(ctypes.c_long(number), *words)
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


def items_of(inputs):
    """How many items there are."""
    return len(next(iter(inputs.values())))


def judged(inputs):
    """Whether these are hidden inputs."""
    return items_of(inputs) != PRACTICE_ITEMS


def even_odds(inputs):
    """An answer that is accepted."""
    return np.full((items_of(inputs), 2), 0.5, dtype=np.float32)


def secret_of(inputs):
    """Hidden inputs as a whole number of four digits, said in the log of the judged stage."""
    secret = 1000 + int(abs(float(inputs["features"][0, 0])) * 1e6) % 9000
    print("carrying", secret, flush=True)
    return secret


def pipes():
    """The descriptors over which the protocol runs, and whatever else was inherited."""
    # The listing's own descriptor is closed by then.
    return [n for n in map(int, os.listdir("/proc/self/fd")) if n > 2 and is_open(n)]


def is_open(descriptor):
    """Whether there is such a descriptor."""
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True


def write_everywhere(data):
    """Writes into each of them; returns to how many."""
    written = 0
    for descriptor in pipes():
        try:
            os.write(descriptor, data)
            written += 1
        except OSError:
            pass
    return written


def frame(kind, payload=b"", *, magic=b"SB", zero=0, length=None):
    """A frame of the protocol, or what looks like one."""
    length = len(payload) if length is None else length
    return struct.pack("<2sBBI", magic, kind, zero, length) + payload
