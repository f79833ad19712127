"""Says what this machine can and can't enforce."""

import json
import os
import platform
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from evaluators.errors import InfrastructureError
from evaluators.sandbox.base import Sandbox, SandboxSpec, SessionStopped
from evaluators.sandbox.runtime import Runtime, runtime_find, runtime_folder
from evaluators.sandbox.slots import slots_usable
from evaluators.sandbox.trial import LIMITS, trial

FRAMEWORKS = ("torch", "keras", "tensorflow-cpu", "scikit-learn", "numpy")
PROBE = Path(__file__).resolve().parent / "probe"
PROBE_BYTES = 16_384


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


def examine() -> list[Finding]:
    """Looks at the machine, the runtime, bubblewrap, and what is enforced."""
    return list(_examine())


def _examine() -> Iterator[Finding]:
    system = f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    yield Finding("system", platform.system() == "Linux", system)
    runtime = None
    try:
        runtime = runtime_find(runtime_folder())
        frameworks = [
            package
            for package in runtime.packages
            if package.replace("_", "-").split("==")[0] in FRAMEWORKS
        ]
        yield Finding("runtime", True, f"{runtime_folder()}: {', '.join(frameworks)}")
    except InfrastructureError as error:
        yield Finding("runtime", False, str(error))
    if platform.system() == "Linux":
        yield from _bubblewrap(runtime)


def _bubblewrap(runtime: Runtime | None) -> Iterator[Finding]:
    from evaluators.sandbox.bubblewrap import Bubblewrap, bubblewrap_find

    binary = bubblewrap_find()
    found = str(binary.path) if binary else "not found: install the package bubblewrap"
    yield Finding("bubblewrap", binary is not None, found)
    if binary is None or runtime is None:
        return
    try:
        sandbox = Bubblewrap(runtime)
        trial(sandbox)
        probed = _probe(sandbox)
    except InfrastructureError as error:
        yield Finding("sandbox", False, str(error))
        return
    yield Finding("sandbox", True, "a program was started in it and answered")
    own = "each sandbox has a user id of its own" if slots_usable() else "shared by all sandboxes"
    user = f"user id {os.geteuid()}, {own}"
    yield Finding("worker's user", True, user)
    for name in probed["tried"]:
        worked = name in probed["worked"]
        yield Finding(
            "isolation", not worked, f"a program {'could' if worked else 'could not'} {name}"
        )
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
