"""A task's prepared data on disk: what students get and what they are judged on."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from evaluators.items import Items, items_load
from evaluators.task import Task

PRACTICE_FILE = "practice.npz"
JUDGED_FILE = "judged.npz"
READY_FILE = "ready.json"


@dataclass(frozen=True, slots=True)
class PreparedTask:
    """A task with its prepared data.

    Attributes:
        task: the task.
        folder: holds `public/` (what students download) and `private/` (what only judging reads).
        data_version: sha256 of the prepared files.
    """

    task: Task
    folder: Path
    data_version: str

    @property
    def public(self) -> Path:
        """The folder that students may download."""
        return self.folder / "public"

    def practice(self) -> Items:
        """The practice sample, whose targets students hold.

        Raises:
            TaskError: it is missing, or does not fit the task's input and output.
        """
        return items_load(self.public / PRACTICE_FILE, self.task.spec)

    def judged(self) -> Items:
        """The hidden items.

        Raises:
            TaskError: they are missing, or don't fit the task's input and output.
        """
        return items_load(self.folder / "private" / JUDGED_FILE, self.task.spec)


def data_digest(folder: Path) -> str:
    """Digest of the prepared files: names and contents of `public/` and `private/`."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("p*/**/*")):
        if path.is_file():
            with path.open("rb") as file:
                content = hashlib.file_digest(file, "sha256").hexdigest()
            digest.update(f"{path.relative_to(folder).as_posix()} {content}\n".encode())
    return digest.hexdigest()
