"""What a downloaded folder remembers: which competition it is for, and where that is."""

import json
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from springboard.address import address_clean
from springboard.errors import UsageError

FILE = "springboard.toml"
_SLUG = re.compile(r"[A-Za-z0-9_-]{1,100}")


@dataclass(frozen=True, slots=True)
class Remembered:
    """A folder's competition.

    Attributes:
        folder: the folder.
        server: address of the server.
        competition: its short name there.
    """

    folder: Path
    server: str
    competition: str


def slug_check(slug: str) -> str:
    """Returns a competition's short name if it can be one.

    Raises:
        UsageError: it can't.
    """
    if not _SLUG.fullmatch(slug):
        raise UsageError(
            f"{slug!r} is no competition's short name; `springboard competitions` lists them"
        )
    return slug


def folder_remember(remembered: Remembered) -> None:
    """Writes `springboard.toml`, so that commands in the folder need no `-c`."""
    text = (
        "# Commands in this folder are for this competition.\n"
        f"server = {json.dumps(remembered.server)}\n"
        f"competition = {json.dumps(remembered.competition)}\n"
    )
    (remembered.folder / FILE).write_text(text, encoding="utf-8")


def folder_find(start: Path) -> Remembered | None:
    """Finds the nearest `springboard.toml`, in a folder or above it.

    Raises:
        UsageError: there is one that can't be used.
    """
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / FILE).is_file():
            return _read(folder)
    return None


def _read(folder: Path) -> Remembered:
    path = folder / FILE
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
        server, competition = found["server"], found["competition"]
        if not (isinstance(server, str) and isinstance(competition, str)):
            raise TypeError("they are texts")
        return Remembered(folder, address_clean(server), slug_check(competition))
    except (OSError, ValueError, KeyError, TypeError, UsageError) as error:
        raise UsageError(
            f"{path} can't be used, as it should name `server` and `competition` ({error}): "
            "correct it, or remove it and say -c"
        ) from error
