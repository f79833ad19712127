"""The machine-learning runtime: an interpreter and its packages, shown read-only to programs."""

import functools
import hashlib
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from evaluators.errors import InfrastructureError

ENVIRONMENT_VARIABLE = "SPRINGBOARD_RUNTIME"
DEFAULT = Path(__file__).resolve().parents[2] / ".runtime"
SYSTEM_LIBRARIES = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/etc/ld.so.cache")
_PROBE = (
    "import sys, sysconfig, importlib.metadata as m\n"
    "print(sys.base_prefix); print(sys.version.split()[0])\n"
    "print(*sorted({f'{d.name.lower()}=={d.version}' for d in m.distributions()}))"
)


@dataclass(frozen=True, slots=True)
class Runtime:
    """An environment to run programs with.

    Attributes:
        python: its interpreter, as the sandbox calls it.
        folders: all that a sandbox must show, each at its own path (an interpreter that is moved
            silently loads another library of its own).
        digest: identifies its versions.
        packages: name==version of all in it.
    """

    python: Path
    folders: tuple[Path, ...]
    digest: str
    packages: tuple[str, ...]


def runtime_folder() -> Path:
    """Where the runtime lies: `SPRINGBOARD_RUNTIME`, or `.runtime` beside the code."""
    return Path(os.environ.get(ENVIRONMENT_VARIABLE, DEFAULT)).absolute()


@functools.lru_cache(maxsize=8)
def runtime_find(folder: Path) -> Runtime:
    """Looks at a virtual environment.

    Raises:
        InfrastructureError: there is none, or its interpreter doesn't start.
    """
    python = folder / "bin" / "python"
    if not python.exists():
        raise InfrastructureError(
            f"there is no runtime at {folder}: run `make runtime`, or set {ENVIRONMENT_VARIABLE}"
        )
    try:
        lines = subprocess.run(
            [python, "-I", "-c", _PROBE], capture_output=True, text=True, timeout=60, check=True
        ).stdout.splitlines()
    except (OSError, subprocess.SubprocessError) as error:
        raise InfrastructureError(f"the runtime's interpreter {python} fails: {error}") from error
    prefix, version, packages = Path(lines[0]), lines[1], lines[2]
    digest = hashlib.sha256(f"{version} {packages}".encode()).hexdigest()
    return Runtime(python, _folders(folder, prefix), digest, tuple(packages.split()))


def _folders(folder: Path, prefix: Path) -> tuple[Path, ...]:
    if prefix == Path("/usr"):
        # The distribution's interpreter: its binary lies among the system's programs.
        own: tuple[Path, ...] = (Path("/usr/bin"), folder)
    else:
        own = (prefix, folder)
    system = tuple(Path(path) for path in SYSTEM_LIBRARIES if Path(path).exists())
    return system + own
