"""Says what this machine can and can't enforce."""

import json
import os
import platform
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from evaluators.errors import InfrastructureError
from evaluators.sandbox.base import Sandbox, SandboxSpec, SessionStopped
from evaluators.sandbox.runtime import runtime_find, runtime_folder
from evaluators.sandbox.select import image_named, is_docker, sandbox_select
from evaluators.sandbox.slots import slots_usable
from evaluators.sandbox.trial import LIMITS

FRAMEWORKS = ("torch", "keras", "tensorflow-cpu", "scikit-learn", "numpy")
PROBE = Path(__file__).resolve().parent / "probe"
PROBE_BYTES = 16_384
# Attempts that reach nothing outside when they work in a kernel of the program's own.
OF_A_KERNEL = frozenset({"make a user namespace", "trace a process"})


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        subject: what.
        ok: whether it works, or is enforced.
        detail: what was found; if it is not ok, what to do.
        needed: whether nothing can be judged without it.
    """

    subject: str
    ok: bool
    detail: str
    needed: bool = True


def examine(name: str = "auto") -> list[Finding]:
    """Looks at the machine and at the backend that judges on it, and at what that enforces.

    Args:
        name: of the backend, as for `evaluators.sandbox.select.sandbox_select`.
    """
    return list(_examine(name))


def _examine(name: str) -> Iterator[Finding]:
    system = f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    yield Finding("system", platform.system() == "Linux", system)
    docker = is_docker(name, image_named())
    if not docker:
        yield _runtime()
    if platform.system() == "Linux":
        yield _engine() if docker else _bubblewrap()
        yield from _sandbox(name)


def _runtime() -> Finding:
    try:
        runtime = runtime_find(runtime_folder())
    except InfrastructureError as error:
        return Finding("runtime", False, str(error))
    frameworks = [
        package
        for package in runtime.packages
        if package.replace("_", "-").split("==")[0] in FRAMEWORKS
    ]
    return Finding("runtime", True, f"{runtime_folder()}: {', '.join(frameworks)}")


def _bubblewrap() -> Finding:
    from evaluators.sandbox.bubblewrap import bubblewrap_find

    binary = bubblewrap_find()
    found = str(binary.path) if binary else "not found: install the package bubblewrap"
    return Finding("bubblewrap", binary is not None, found)


def _engine() -> Finding:
    from evaluators.sandbox.docker.engine import engine_connect

    try:
        engine = engine_connect()
    except InfrastructureError as error:
        return Finding("docker", False, str(error))
    runtimes = ", ".join(sorted(engine.runtimes & {"runc", "runsc"}))
    whose = "its user ids are not this machine's" if engine.maps_users else "it is root here"
    return Finding("docker", True, f"{engine.info.get('ServerVersion')} with {runtimes}; {whose}")


def _sandbox(name: str) -> Iterator[Finding]:
    try:
        sandbox = sandbox_select(name)
        probed = _probe(sandbox)
    except InfrastructureError as error:
        yield Finding("sandbox", False, str(error))
        return
    digest = sandbox.runtime_digest
    yield Finding("sandbox", True, f"{sandbox.name} started a program of the runtime {digest}")
    if sandbox.name == "bubblewrap":
        own = (
            "each sandbox has a user id of its own" if slots_usable() else "all sandboxes share it"
        )
        yield Finding("worker's user", True, f"user id {os.geteuid()}, {own}")
    for attempt in probed["tried"]:
        worked = attempt in probed["worked"]
        inside = worked and sandbox.own_kernel and attempt in OF_A_KERNEL
        could = f"could {attempt}" if worked else f"could not {attempt}"
        where = ", in a kernel of its own" if inside else ""
        yield Finding("isolation", inside or not worked, f"a program {could}{where}")
    for note in sandbox.notes:
        yield Finding("limits", False, f"weaker here: {note}", needed=False)
    if not sandbox.notes:
        yield Finding("limits", True, "memory, processes and cores by control groups")


def _probe(sandbox: Sandbox) -> dict[str, list[str]]:
    """Lets a program try what must be refused."""
    spec = SandboxSpec(program=PROBE, limits=LIMITS, arguments=(__file__,))
    try:
        with sandbox.open(spec) as session:
            report: dict[str, list[str]] = json.loads(session.receive(PROBE_BYTES).payload)
            return report
    except (SessionStopped, ValueError) as error:
        raise InfrastructureError(f"the probe did not answer: {error}") from error
