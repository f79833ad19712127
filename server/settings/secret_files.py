"""Secrets that an installation makes for itself on first use."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path


def secret_text(path: Path, make: Callable[[], str]) -> str:
    """Returns a secret's text, and makes it where there is none yet.

    Processes that start together agree on one secret: whoever links its file first wins.

    Args:
        path: the secret's file, readable by its owner only.
        make: returns a new secret.
    """
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=path.parent)  # mode 0600
        draft = Path(name)
        try:
            with os.fdopen(descriptor, "w") as file:
                file.write(make())
            if not path.exists():
                _link(draft, path)
        finally:
            draft.unlink()
    return path.read_text().strip()


def _link(draft: Path, path: Path) -> None:
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        return
