"""A task's `task.toml` as students download it: without what only the course's staff know."""

import hashlib
import re
import tomllib
from pathlib import Path

from evaluators.errors import TaskError
from server.competitions.made_files import made_path, made_write

# Whoever knew from where on a score is suspicious would stay below it.
SECRET = "too_good"  # noqa: S105 - the name of a key
_LINE = re.compile(rf"^[ \t]*(?:metrics\.)?{SECRET}[ \t]*=.*\n?", re.MULTILINE)


def kit_task(path: Path) -> Path:
    """Returns the file for the kit, made when the task's own has changed.

    Raises:
        TaskError: what is left out can't be found.
    """
    text = path.read_text(encoding="utf-8")
    key = hashlib.sha256(text.encode()).hexdigest()[:16]
    made = made_path(kind="kit_tasks", key=key, name=path.name)
    if not made.exists():
        made_write(made, _without_secret(path, text))
    return made


def _without_secret(path: Path, text: str) -> str:
    shown = _LINE.sub("", text)
    wanted = tomllib.loads(text)
    wanted.get("metrics", {}).pop(SECRET, None)
    if tomllib.loads(shown) != wanted:
        raise TaskError(
            f"{path}: write {SECRET!r} in a line of its own under [metrics], so that it can be "
            "left out of the starter kit"
        )
    return shown
