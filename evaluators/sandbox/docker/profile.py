"""Our seccomp profile for containers.

The engine's own allows io_uring, memfd_secret and vsock sockets. Ours names what is allowed: all
that this machine's libseccomp knows, without what `evaluators.sandbox.system_calls` refuses.
"""

import errno
import json
import platform
from collections.abc import Collection, Iterator
from functools import reduce
from operator import or_
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
    known_calls,
)

# By what the kernel calls a processor. Calls of another, such as the 32-bit ones, kill the caller.
ARCHITECTURES = {"x86_64": "SCMP_ARCH_X86_64", "aarch64": "SCMP_ARCH_AARCH64"}
ALLOW, ERRNO = "SCMP_ACT_ALLOW", "SCMP_ACT_ERRNO"
# The kernel reads commands and flags as 32 bits, whatever is above them.
WORD_BITS = 32
WORD = 2**WORD_BITS - 1


def seccomp_profile() -> str:
    """Returns the profile as the engine takes it, as JSON.

    Raises:
        InfrastructureError: libseccomp is missing, or the processor is none that we know.
    """
    machine = platform.machine()
    if machine not in ARCHITECTURES:
        raise InfrastructureError(f"there is no seccomp profile for the processor {machine}")
    with_conditions = {"clone", "socket", "flock", "fcntl", "ioctl"}
    allowed = sorted(set(known_calls()) - set(REFUSED) - set(ABSENT) - with_conditions)
    local = {"index": 0, "value": AF_UNIX, "valueTwo": 0, "op": "SCMP_CMP_EQ"}
    return json.dumps(
        {
            "defaultAction": ERRNO,
            "defaultErrnoRet": errno.EPERM,
            "architectures": [ARCHITECTURES[machine]],
            "syscalls": [
                _rule(allowed, ALLOW),
                _rule(["clone"], ALLOW, args=[_masked(0, reduce(or_, CLONE_NEW), 0)]),
                _rule(["socket"], ALLOW, args=[local]),
                _rule(["flock"], ALLOW, args=[_masked(1, LOCK_EXCLUSIVE, 0)]),
                _absent("flock", _masked(1, LOCK_EXCLUSIVE, LOCK_EXCLUSIVE)),
                *_all_but("fcntl", TELLING_LOCKS),
                *(_absent("fcntl", _masked(1, WORD, command)) for command in TELLING_LOCKS),
                *_all_but("ioctl", (TIOCSTI, TIOCLINUX)),
                _rule(list(ABSENT), ERRNO, errnoRet=errno.ENOSYS),
            ],
        }
    )


def _rule(names: list[str], action: str, **more: Any) -> dict[str, Any]:
    return {"names": names, "action": action, **more}


def _absent(name: str, condition: dict[str, Any]) -> dict[str, Any]:
    return _rule([name], ERRNO, args=[condition], errnoRet=errno.ENOSYS)


def _masked(index: int, mask: int, value: int) -> dict[str, Any]:
    return {"index": index, "value": mask, "valueTwo": value, "op": "SCMP_CMP_MASKED_EQ"}


def _all_but(name: str, commands: Collection[int]) -> Iterator[dict[str, Any]]:
    """Allows a call unless its second argument is one of these.

    Of several rules for a call one must hold, so what is left out is said as all that is not it:
    for each of its first bits, the numbers that begin alike and differ in the next.
    """
    for shift in reversed(range(WORD_BITS)):
        mask = WORD >> shift << shift
        begun = {command & mask for command in commands}
        for other in sorted({begin ^ 1 << shift for begin in begun} - begun):
            yield _rule([name], ALLOW, args=[_masked(1, mask, other)])
