"""Folders that an upload is unpacked into while it is judged."""

import contextlib
import functools
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from evaluators.errors import InfrastructureError
from evaluators.processes import is_of_dead, process_mark

PREFIX = "springboard-work-"


@contextmanager
def work_folder() -> Iterator[Path]:
    """A folder for one artifact, in one that nobody else may enter, gone afterwards.

    Its name says whose it is: what a killed worker leaves, the next one removes.

    Raises:
        InfrastructureError: it can't be made.
    """
    _leftovers_remove()
    try:
        holder = tempfile.TemporaryDirectory(prefix=f"{PREFIX}{process_mark()}-")
    except OSError as error:
        raise InfrastructureError(f"no room to unpack an upload: {error}") from error
    with holder as name:
        yield Path(name) / "submission"


@functools.cache
def _leftovers_remove() -> None:
    """Once a process: removes folders of processes that are gone."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            ours = os.name == "posix" and folder.lstat().st_uid == os.geteuid()
            if ours and folder.is_dir() and is_of_dead(folder.name.removeprefix(PREFIX)):
                shutil.rmtree(folder, ignore_errors=True)
