"""Finds the starter kit that one works in."""

from pathlib import Path

from evaluators.spec import SPEC_FILE


def kit_find(*starts: Path) -> Path:
    """The nearest folder with `task/task.toml`, in or above one of some places.

    Without one it is the first place, whose missing files the errors then name.
    """
    for start in starts:
        start = start.resolve()
        for folder in (start, *start.parents):
            if (folder / "task" / SPEC_FILE).is_file():
                return folder
    return starts[0]
