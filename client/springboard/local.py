"""Runs your own code on your own machine: the server's pipes and limits, without its walls.

There is nothing here to keep hostile code from harm, so the server has no way to make one. It
works wherever Python does, macOS and Windows included.
"""

import contextlib
import hashlib
import importlib.metadata
import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from evaluators.errors import InfrastructureError
from evaluators.sandbox.base import Sandbox, SandboxSpec, Session
from evaluators.sandbox.memory import TreeMemory
from evaluators.sandbox.pipes import PipeSession
from evaluators.sandbox.threads import thread_variables

# As in the sandboxes: a name that a submission's own modules won't meet.
PACKAGE_PREFIX = "springboard_"
NO_WALLS = (
    "the server allows neither network nor other files; here nothing keeps your model off them"
)
NO_MEMORY_LIMIT = "the server's memory limit is not kept on this system"


class LocalRun(Sandbox):
    """Runs programs with the interpreter that runs this."""

    name = "local"

    @property
    def runtime_digest(self) -> str:
        """See `Sandbox.runtime_digest`."""
        packages = {
            f"{one.name.lower()}=={one.version}" for one in importlib.metadata.distributions()
        }
        text = " ".join([platform.python_version(), *sorted(packages)])
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def notes(self) -> tuple[str, ...]:
        """See `Sandbox.notes`."""
        return (NO_WALLS,) if sys.platform == "linux" else (NO_WALLS, NO_MEMORY_LIMIT)

    def open(self, spec: SandboxSpec) -> Session:
        """See `Sandbox.open`."""
        place = Path(tempfile.mkdtemp(prefix="springboard-"))
        try:
            process = _start(spec, place)
        except BaseException:
            shutil.rmtree(place, ignore_errors=True)
            raise
        memory = TreeMemory(process.pid, spec.limits.memory_mb)
        return PipeSession(
            process=process,
            spec=spec,
            paths={name: str(path.resolve()) for name, path in spec.folders.items()},
            kill=_killer(process),
            out_of_memory=memory.out_of_memory,
            peak_memory_mb=memory.peak_memory_mb,
            cleanup=lambda: shutil.rmtree(place, ignore_errors=True),
        )


def _start(spec: SandboxSpec, place: Path) -> "subprocess.Popen[bytes]":
    """Starts the program from a copy of it, with a working folder of its own."""
    package = PACKAGE_PREFIX + spec.program.name
    scratch = place / "scratch"
    try:
        scratch.mkdir()
        shutil.copytree(spec.program, place / package, ignore=shutil.ignore_patterns("__pycache__"))
        return subprocess.Popen(
            # -P: the working folder is not on the path; -B: no caches.
            [sys.executable, "-P", "-B", "-m", package, *spec.arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=_environment(place, spec.limits.cpus),
            cwd=scratch,
            start_new_session=True,  # a group of its own, so that all it starts can be ended
            bufsize=0,
        )
    except OSError as error:
        raise InfrastructureError(f"your model's process can't be started: {error}") from error


def _environment(place: Path, cpus: int) -> dict[str, str]:
    """Your own environment, with the server's threads and hashes."""
    paths = [str(place), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {
        **os.environ,
        **thread_variables(cpus),
        "PYTHONPATH": os.pathsep.join(paths),
        "PYTHONUNBUFFERED": "1",
        "PYTHONUTF8": "1",
    }


def _killer(process: "subprocess.Popen[bytes]") -> Callable[[], None]:
    def kill() -> None:
        if sys.platform == "win32":
            process.kill()
            return
        # The group outlives its leader when the model has left something running.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)

    return kill
