"""Compares what is installed here with what the server judges with."""

import importlib.metadata
import re
from pathlib import Path

PIN = re.compile(r"^([A-Za-z0-9._-]+)==([A-Za-z0-9.]+)")


def version_differences(requirements: Path) -> tuple[str, ...]:
    """Says which installed packages have another version than a kit's `requirements.txt` pins.

    Packages that are not installed are left out: a kit pins more frameworks than one needs.
    """
    if not requirements.is_file():
        return ()
    differences = []
    for line in requirements.read_text(encoding="utf-8").splitlines():
        if pin := PIN.match(line):
            name, pinned = pin.groups()
            here = _installed(name)
            if here is not None and here != pinned:
                differences.append(f"{name} is {here} here, but {pinned} on the server")
    return tuple(differences)


def _installed(name: str) -> str | None:
    try:
        version = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None
    return version.partition("+")[0]  # 2.13.0+cpu is a build of 2.13.0
