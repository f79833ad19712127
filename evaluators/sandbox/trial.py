"""Starts the smallest program, to see whether a backend works here at all."""

import os
import stat
from pathlib import Path

from evaluators.errors import InfrastructureError
from evaluators.runner import RUNNER
from evaluators.runner.frames import Kind
from evaluators.sandbox.base import Sandbox, SandboxSpec, SessionStopped
from evaluators.spec import Limits

LIMITS = Limits(wall_seconds=30, memory_mb=512, artifact_mb=1)
USER_NAMESPACES = "this machine refuses unprivileged user namespaces: {}"


def trial(sandbox: Sandbox) -> None:
    """Waits for a runner's hello.

    Raises:
        InfrastructureError: it doesn't come; one sentence says what to do.
    """
    try:
        with sandbox.open(SandboxSpec(program=RUNNER, limits=LIMITS)) as session:
            if session.receive(64).kind is Kind.HELLO:
                return
            reason = "the runner did not say hello"
    except SessionStopped as stopped:
        reason = stopped.outcome.log.text.strip() or str(stopped)
    if sandbox.name == "bubblewrap":
        reason = _advice(reason)
    raise InfrastructureError(f"the {sandbox.name} sandbox does not start: {reason}")


def _advice(reason: str) -> str:
    """Turns what bubblewrap said into what to do."""
    if os.geteuid() == 0 and not (RUNNER / "__main__.py").stat().st_mode & stat.S_IROTH:
        root = RUNNER.parents[1]
        return f"the sandboxes' users can't read the code: run `chmod -R go+rX {root}`"
    restricted = Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")
    if restricted.exists() and restricted.read_text().strip() == "1":
        return USER_NAMESPACES.format(
            "AppArmor restricts them; run `sudo sysctl -w "
            "kernel.apparmor_restrict_unprivileged_userns=0`"
        )
    maximum = Path("/proc/sys/user/max_user_namespaces")
    if maximum.exists() and maximum.read_text().strip() == "0":
        return USER_NAMESPACES.format("run `sudo sysctl -w user.max_user_namespaces=15000`")
    clone = Path("/proc/sys/kernel/unprivileged_userns_clone")
    if clone.exists() and clone.read_text().strip() == "0":
        return USER_NAMESPACES.format("run `sudo sysctl -w kernel.unprivileged_userns_clone=1`")
    if "Operation not permitted" in reason or "Permission denied" in reason:
        return USER_NAMESPACES.format(
            f"inside a container, start it with user namespaces allowed ({reason})"
        )
    return reason
