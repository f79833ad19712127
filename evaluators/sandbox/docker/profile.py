"""Our seccomp profile for containers.

The engine's own allows io_uring, memfd_secret and vsock sockets. Ours names what is allowed: all
that this machine's libseccomp knows, without what `evaluators.sandbox.system_calls` refuses.
"""

import errno
import json
import platform
from functools import reduce
from operator import or_
from typing import Any

from evaluators.errors import InfrastructureError
from evaluators.sandbox.system_calls import ABSENT, AF_UNIX, CLONE_NEW, REFUSED, known_calls

# By what the kernel calls a processor. Calls of another, such as the 32-bit ones, kill the caller.
ARCHITECTURES = {"x86_64": "SCMP_ARCH_X86_64", "aarch64": "SCMP_ARCH_AARCH64"}


def seccomp_profile() -> str:
    """Returns the profile as the engine takes it, as JSON.

    Raises:
        InfrastructureError: libseccomp is missing, or the processor is none that we know.
    """
    machine = platform.machine()
    if machine not in ARCHITECTURES:
        raise InfrastructureError(f"there is no seccomp profile for the processor {machine}")
    with_conditions = {"clone", "socket"}
    allowed = sorted(set(known_calls()) - set(REFUSED) - set(ABSENT) - with_conditions)
    no_namespace = {
        "index": 0,
        "value": reduce(or_, CLONE_NEW),
        "valueTwo": 0,
        "op": "SCMP_CMP_MASKED_EQ",
    }
    local = {"index": 0, "value": AF_UNIX, "valueTwo": 0, "op": "SCMP_CMP_EQ"}
    return json.dumps(
        {
            "defaultAction": "SCMP_ACT_ERRNO",
            "defaultErrnoRet": errno.EPERM,
            "architectures": [ARCHITECTURES[machine]],
            "syscalls": [
                _rule(allowed, "SCMP_ACT_ALLOW"),
                _rule(["clone"], "SCMP_ACT_ALLOW", args=[no_namespace]),
                _rule(["socket"], "SCMP_ACT_ALLOW", args=[local]),
                _rule(list(ABSENT), "SCMP_ACT_ERRNO", errnoRet=errno.ENOSYS),
            ],
        }
    )


def _rule(names: list[str], action: str, **more: Any) -> dict[str, Any]:
    return {"names": names, "action": action, **more}
