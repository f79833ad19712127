"""Tells a process from a later one that was given the same number."""

import hashlib
import os
from pathlib import Path


def process_started(pid: int) -> int:
    """When a process began, in the kernel's ticks since boot; 0 if there is none, or no `/proc`."""
    try:
        # After the name, which may itself hold spaces and brackets.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return int(fields[19])


def process_space() -> str:
    """Where process numbers mean what they mean here: this boot of the kernel, this namespace."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return f"{boot}:{Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        return ""


def space_mark() -> str:
    """`process_space` in twelve letters and digits, for names of files."""
    return hashlib.sha256(process_space().encode()).hexdigest()[:12]


def process_mark() -> str:
    """Names this process in what it makes: `NUMBER-START-SPACE`; see `is_of_dead`."""
    return f"{os.getpid()}-{process_started(os.getpid())}-{space_mark()}"


def is_of_dead(name: str) -> bool:
    """Whether a name that begins with a `process_mark` is of a process that is gone.

    A name of another space, where process numbers say nothing here, or without a mark is not.
    """
    number, started, space, *_ = (*name.split("-"), "", "", "")
    if space != space_mark() or not (number.isdecimal() and started.isdecimal()):
        return False
    return process_started(int(number)) != int(started)
