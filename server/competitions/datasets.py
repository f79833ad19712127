"""The prepared task that a task version stands for, and its public data as students download it."""

from pathlib import Path

from django.conf import settings

from evaluators.errors import TaskError
from evaluators.prepare import prepared_find
from evaluators.prepared import PreparedTask
from evaluators.task import task_find
from server.competitions.archives import archive_build, archive_path, members_of
from server.competitions.models import TaskVersion


def prepared_exactly(*, slug: str, version: str, data_version: str) -> PreparedTask:
    """Finds a task on this machine, prepared, in exactly the versions that are asked for.

    Raises:
        TaskError: it is not here, not prepared, or was changed since it was registered.
    """
    task = task_find(Path(settings.TASKS_DIR), slug)
    if task.version != version:
        raise TaskError(
            f"the files of the task {slug!r} have changed: they are version "
            f"{task.version[:12]}, the competition's is {version[:12]}. Restore them, or "
            "run `manage.py tasks load` and point the competition at the new version."
        )
    return prepared_find(task, Path(settings.DATA_DIR), data_version)


def data_archive(*, task_version: TaskVersion) -> Path:
    """Returns the zip of a task's public data, in one folder `data/`; built once.

    Raises:
        TaskError: the data is not on this machine, or was changed.
    """
    path = archive_path("data", f"{task_version.slug}-{task_version.data_version[:16]}")
    if not path.exists():
        prepared = prepared_exactly(
            slug=task_version.slug,
            version=task_version.version,
            data_version=task_version.data_version,
        )
        archive_build(path, list(members_of(prepared.public, prefix="data")))
    return path
