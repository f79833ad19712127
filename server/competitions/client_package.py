"""The students' package as a wheel, built from this server's own sources.

So what a student checks with is the code that judges, whatever version the server runs.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from django.conf import settings

from evaluators.errors import InfrastructureError
from server.competitions.archives import Member, members_digest, members_of

# Files of 1980, with fixed modes: the same sources give the same wheel, byte for byte.
_EPOCH = "315532800"
_MODE = 0o644
_BUILD = "import sys; from setuptools.build_meta import build_wheel; build_wheel(sys.argv[1])"
_BUILD_SECONDS = 120


def client_wheel() -> Path:
    """Returns the wheel, built when its sources have changed. It needs no network.

    Raises:
        InfrastructureError: it can't be built.
    """
    members = _members(Path(settings.BASE_DIR))
    folder = Path(settings.VAR_DIR) / "client" / members_digest(members)[:16]
    if found := _wheel_in(folder):
        return found
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".building-") as place:
        built = Path(place) / "wheel"
        _build(members, Path(place), built)
        try:
            built.rename(folder)
        except OSError as error:
            if _wheel_in(folder) is None:  # else another process was faster
                raise InfrastructureError(f"{folder} can't be written: {error}") from error
    wheel = _wheel_in(folder)
    if wheel is None:
        raise InfrastructureError(f"building the students' package left no wheel in {folder}")
    return wheel


def _members(code: Path) -> list[Member]:
    return [
        Member("client/pyproject.toml", code / "client" / "pyproject.toml"),
        *members_of(code / "client" / "springboard", prefix="client/springboard"),
        *members_of(code / "evaluators", prefix="evaluators"),
    ]


def _build(members: list[Member], place: Path, into: Path) -> None:
    """Builds from a copy, since building leaves files beside the sources."""
    sources = place / "sources"
    for member in members:
        copy = sources / member.name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(member.path, copy)
        copy.chmod(_MODE)
    into.mkdir()
    try:
        done = subprocess.run(
            [sys.executable, "-c", _BUILD, str(into)],
            cwd=sources / "client",
            env={**os.environ, "SOURCE_DATE_EPOCH": _EPOCH},
            capture_output=True,
            text=True,
            timeout=_BUILD_SECONDS,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise InfrastructureError(f"the students' package can't be built: {error}") from error
    if done.returncode != 0:
        raise InfrastructureError(
            "the students' package can't be built; is setuptools there, as "
            f"requirements/server.txt has it? {done.stderr[-500:]}"
        )


def _wheel_in(folder: Path) -> Path | None:
    return next(folder.glob("*.whl"), None)
