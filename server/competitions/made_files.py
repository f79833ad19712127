"""Files that are made for a download and kept, each under a name that tells what it was made of."""

import os
import tempfile
from pathlib import Path

from django.conf import settings


def made_path(*, kind: str, key: str, name: str) -> Path:
    """Where a made file lies.

    Args:
        kind: what it is.
        key: a digest of what it is made of.
        name: its name in the download.
    """
    return Path(settings.VAR_DIR) / kind / key / name


def made_write(path: Path, text: str) -> None:
    """Writes a made file; whoever looks for it sees it whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    Path(draft).replace(path)
