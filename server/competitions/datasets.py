"""The prepared task that a task version stands for, and its public data as students download it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from evaluators.errors import TaskError
from evaluators.installation import task_seed
from evaluators.prepare import prepared_find
from evaluators.prepared import PreparedTask
from evaluators.task import task_find
from server.competitions.archives import archive_build, archive_path, members_of
from server.competitions.models import TaskVersion
from server.competitions.task_bundles import (
    HeldTask,
    bundle_held,
    bundle_is_kept,
    bundle_store,
)


@contextmanager
def task_held(*, slug: str, version: str, data_version: str) -> Iterator[HeldTask]:
    """Provides what a submission is judged with, while the context lasts.

    What the storage has of a task version decides, so that all machines judge by the same data
    and the same seed. Of a storage that is a folder of this machine it may have nothing: then it
    is what this machine has prepared itself.

    Raises:
        TaskError: it is not here, not prepared, or was changed since it was registered.
        InfrastructureError: the storage fails, or no copy of what it has can be made.
    """
    if _is_shared() or bundle_is_kept(slug=slug, version=version, data_version=data_version):
        with bundle_held(slug=slug, version=version, data_version=data_version) as held:
            yield held
        return
    prepared = prepared_exactly(slug=slug, version=version, data_version=data_version)
    yield HeldTask(prepared, task_seed(Path(settings.VAR_DIR), slug))


def task_share(*, prepared: PreparedTask, anyway: bool = False) -> None:
    """Puts a prepared task into the storage, for other machines to judge with.

    Args:
        prepared: by this installation.
        anyway: also where the storage is a folder, which other machines may have mounted.

    Raises:
        InfrastructureError: the storage fails, or a disk is full.
    """
    if anyway or _is_shared():
        seed = task_seed(Path(settings.VAR_DIR), prepared.task.slug)
        bundle_store(prepared=prepared, seed=seed)


def _is_shared() -> bool:
    return settings.STORAGE.folder is None


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
            "run `manage.py tasks load` and have an operator give the competition the new version "
            "in /admin/."
        )
    return prepared_find(task, Path(settings.DATA_DIR), data_version)


def data_archive(*, task_version: TaskVersion) -> Path:
    """Returns the zip of a task's public data, in one folder `data/`; built once.

    Raises:
        TaskError: the data is neither on this machine nor in the storage, or was changed.
        InfrastructureError: the storage fails, or a disk is full.
    """
    path = archive_path("data", f"{task_version.slug}-{task_version.data_version[:16]}")
    if not path.exists():
        with _public_held(task_version) as public:
            archive_build(path, list(members_of(public, prefix="data")))
    return path


@contextmanager
def _public_held(task_version: TaskVersion) -> Iterator[Path]:
    """Provides the public data: this machine's own, as any of that version is the same."""
    names = {
        "slug": task_version.slug,
        "version": task_version.version,
        "data_version": task_version.data_version,
    }
    try:
        own = prepared_exactly(**names)
    except TaskError:
        with task_held(**names) as held:
            yield held.prepared.public
    else:
        yield own.public
