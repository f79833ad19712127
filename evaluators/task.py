"""A task: a folder with a `task.toml`."""

from dataclasses import dataclass
from pathlib import Path

from evaluators.errors import TaskError
from evaluators.spec import SPEC_FILE, TaskSpec, spec_load, task_version
from evaluators.spec_errors import did_you_mean


@dataclass(frozen=True, slots=True)
class Task:
    """A task as it lies on disk.

    Attributes:
        slug: name of the folder.
        folder: where it lies.
        spec: its parsed `task.toml`.
        version: digest of the files that decide how a submission is judged.
    """

    slug: str
    folder: Path
    spec: TaskSpec
    version: str

    @property
    def description(self) -> str:
        """The text of `description.md`; empty where there is none."""
        path = self.folder / "description.md"
        return path.read_text(encoding="utf-8") if path.exists() else ""


def task_load(folder: Path) -> Task:
    """Loads a task from its folder.

    Raises:
        TaskError: there is no valid `task.toml`.
    """
    folder = folder.resolve()
    return Task(folder.name, folder, spec_load(folder), task_version(folder))


def tasks_find(root: Path) -> list[Task]:
    """Loads all tasks under a folder, in the order of their slugs."""
    return [task_load(path.parent) for path in sorted(root.glob(f"*/{SPEC_FILE}"))]


def task_find(root: Path, slug: str) -> Task:
    """Loads the task of a slug.

    Raises:
        TaskError: there is no such task (names the nearest), or it is not valid.
    """
    # Compared with what is there, never joined to a path: the slug may come from a URL.
    known = [path.parent.name for path in root.glob(f"*/{SPEC_FILE}")]
    if slug not in known:
        raise TaskError(f"there is no task {slug!r} under {root}{did_you_mean(slug, known)}")
    return task_load(root / slug)
