"""The filters of system calls that bubblewrap loads. All of them must let a call pass."""

import errno
import os
from typing import Any

from evaluators.errors import InfrastructureError
from evaluators.sandbox.system_calls import (
    ABSENT,
    AF_UNIX,
    CLONE_NEW,
    LOCK_EXCLUSIVE,
    REFUSED,
    TELLING_LOCKS,
    TIOCLINUX,
    TIOCSTI,
    UNCOUNTED,
    known_calls,
    libseccomp,
)

# Sorts the numbers of allowed calls into a tree, so that a call costs a few comparisons.
BINARY_TREE = 2


def seccomp_programs(*, memory_counted: bool) -> tuple[bytes, ...]:
    """Builds the filters as BPF programs: what is refused, and what is known at all.

    Args:
        memory_counted: whether a control group counts all memory; if not, there is none that no
            process maps.

    Raises:
        InfrastructureError: libseccomp is missing.
    """
    return _refusing(() if memory_counted else UNCOUNTED), _known()


def _refusing(uncounted: tuple[str, ...]) -> bytes:
    seccomp = libseccomp()
    refused, absent = seccomp.ERRNO(errno.EPERM), seccomp.ERRNO(errno.ENOSYS)
    program = seccomp.SyscallFilter(defaction=seccomp.ALLOW)
    for name in REFUSED:
        _add(program, refused, name)
    for name in ABSENT + uncounted:
        _add(program, absent, name)
    for flag in CLONE_NEW:
        _add(program, refused, "clone", seccomp.Arg(0, seccomp.MASKED_EQ, flag, flag))
    for request in (TIOCSTI, TIOCLINUX):
        _add(program, refused, "ioctl", seccomp.Arg(1, seccomp.MASKED_EQ, 0xFFFFFFFF, request))
    exclusive = seccomp.Arg(1, seccomp.MASKED_EQ, LOCK_EXCLUSIVE, LOCK_EXCLUSIVE)
    _add(program, absent, "flock", exclusive)
    for command in TELLING_LOCKS:
        _add(program, absent, "fcntl", seccomp.Arg(1, seccomp.MASKED_EQ, 0xFFFFFFFF, command))
    # Only local sockets: a network namespace doesn't cover AF_VSOCK, and nothing else is reachable.
    _add(program, refused, "socket", seccomp.Arg(0, seccomp.NE, AF_UNIX))
    return _exported(program)


def _known() -> bytes:
    seccomp = libseccomp()
    program = seccomp.SyscallFilter(defaction=seccomp.ERRNO(errno.ENOSYS))
    program.set_attr(seccomp.Attr.CTL_OPTIMIZE, BINARY_TREE)
    for name in known_calls():
        _add(program, seccomp.ALLOW, name)
    return _exported(program)


def _add(program: Any, action: object, name: str, *arguments: object) -> None:
    try:
        program.add_rule(action, name, *arguments)
    except OSError as error:
        # A name that this libseccomp or this architecture doesn't have. The calls that matter most
        # are tried for real by the conformance suite.
        if error.errno != errno.EINVAL or name in ("clone", "socket", "ioctl"):
            raise InfrastructureError(f"the seccomp rule for {name} is refused: {error}") from error


def _exported(program: Any) -> bytes:
    read_end, write_end = os.pipe()
    try:
        with os.fdopen(write_end, "wb") as file:
            program.export_bpf(file)
        with os.fdopen(read_end, "rb") as file:
            return file.read()
    finally:
        program.reset(libseccomp().ALLOW)
