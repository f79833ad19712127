"""The compose files as they would be used: overlaid, and with variables filled in."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docker"
_VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?::(?P<kind>[-?])(?P<rest>[^}]*))?\}")


def text(file: str) -> str:
    return (FOLDER / file).read_text()


def example() -> dict[str, str]:
    """What docker/env.example sets."""
    lines = [line for line in text("env.example").splitlines() if re.match(r"\w+=", line)]
    return dict(line.split("=", 1) for line in lines)


def variables(file: str) -> dict[str, str | None]:
    """Names of the variables in a file, with their defaults; None where there is none."""
    return {
        found["name"]: found["rest"] if found["kind"] == "-" else None
        for found in _VARIABLE.finditer(text(file))
    }


def services(*files: str, settings: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """The services of files, the later overlaid on the earlier.

    Raises:
        KeyError: a variable is neither set nor has a default.
    """

    def fill(found: re.Match[str]) -> str:
        if value := settings.get(found["name"]):
            return value
        if found["kind"] != "-":
            raise KeyError(found["name"])
        return str(found["rest"])

    merged: dict[str, dict[str, Any]] = {}
    for file in files:
        for name, service in yaml.safe_load(_VARIABLE.sub(fill, text(file)))["services"].items():
            merged[name] = _overlaid(merged.get(name, {}), service)
    return merged


def _overlaid(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    both = below | above
    for key in below.keys() & above.keys():
        if isinstance(below[key], dict) and isinstance(above[key], dict):
            both[key] = below[key] | above[key]
    return both
