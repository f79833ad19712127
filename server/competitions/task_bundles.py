"""A task version in the storage: all that judging needs of it, in one archive.

With it a worker on any machine judges, also by a version that is older than the files it has
itself: the archive carries the task's own files, its prepared data and its secret seed. So it is
as secret as the labels in it, and whoever unpacks it believes nothing that it says.
"""

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage

from evaluators.archive import archive_members
from evaluators.errors import InfrastructureError, SubmissionError, TaskError
from evaluators.prepare import SIDES, TOTAL_BYTES
from evaluators.prepared import PreparedTask, data_digest
from evaluators.runner.seed import Seed
from evaluators.spec import VERSIONED_FILES
from evaluators.task import task_load
from evaluators.tree import Member, tree_write
from server.competitions.archives import Member as Archived
from server.competitions.archives import archive_build
from server.storage.local_copies import local_copy

FOLDER = "tasks"
FILES = "files"
DATA = "data"
SEED_FILE = "seed"
CHUNK_BYTES = 1024 * 1024
# Of the files that are versioned, beside the data.
_FILES_BYTES = 16 * CHUNK_BYTES


@dataclass(frozen=True, slots=True)
class HeldTask:
    """What a submission is judged with.

    Attributes:
        prepared: the task and its data.
        seed: the task's secret seed: it decides the split.
    """

    prepared: PreparedTask
    seed: Seed


def bundle_key(*, slug: str, version: str, data_version: str) -> str:
    """Where the storage keeps a task version."""
    return f"{FOLDER}/{slug}/{_digest(version, data_version)}.zip"


def bundle_is_kept(*, slug: str, version: str, data_version: str) -> bool:
    """Whether the storage has a task version.

    Raises:
        InfrastructureError: the storage does not say.
    """
    try:
        return default_storage.exists(
            bundle_key(slug=slug, version=version, data_version=data_version)
        )
    except OSError as error:
        raise InfrastructureError(f"the storage can't be asked for a task: {error}") from error


def bundle_store(*, prepared: PreparedTask, seed: Seed) -> None:
    """Puts a task version into the storage; one that is there stays, with the seed it has.

    Raises:
        InfrastructureError: the storage fails, or a disk is full.
    """
    task = prepared.task
    key = bundle_key(slug=task.slug, version=task.version, data_version=prepared.data_version)
    try:
        if default_storage.exists(key):
            return
        with tempfile.TemporaryDirectory(dir=settings.DATA_DIR, prefix=".bundling-") as place:
            secret, archive = Path(place) / SEED_FILE, Path(place) / "bundle.zip"
            secret.write_text(seed.hex())
            archive_build(archive, [*_archived(prepared), Archived(SEED_FILE, secret)])
            with archive.open("rb") as file:
                kept = default_storage.save(key, File(file))
        if kept != key:  # another process was faster
            default_storage.delete(kept)
    except OSError as error:
        raise InfrastructureError(
            f"the task {task.slug!r} can't be put into the storage: {error}"
        ) from error


@contextmanager
def bundle_held(*, slug: str, version: str, data_version: str) -> Iterator[HeldTask]:
    """Provides a task version of the storage as files of this machine, while the context lasts.

    Raises:
        TaskError: the storage lacks it.
        InfrastructureError: the storage fails, or what it has is not that version.
    """

    def make(into: Path) -> None:
        _fetch(bundle_key(slug=slug, version=version, data_version=data_version), into, slug)
        held = _load(into, slug)
        found = (held.prepared.task.version, data_digest(held.prepared.folder))
        if found != (version, data_version):
            raise InfrastructureError(
                f"the task {slug!r} in the storage is not what its name says: it is version "
                f"{found[0][:12]} with data {found[1][:12]}, not {version[:12]} with "
                f"{data_version[:12]}. Remove it there and run `manage.py tasks sync` where the "
                "task was prepared"
            )

    with local_copy(kind="task", digest=_digest(version, data_version), make=make) as folder:
        held = _load(folder, slug)
        yield HeldTask(
            PreparedTask(held.prepared.task, held.prepared.folder, data_version), held.seed
        )


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _archived(prepared: PreparedTask) -> Iterator[Archived]:
    task = prepared.task
    for name in VERSIONED_FILES:
        if (task.folder / name).is_file():
            yield Archived(f"{FILES}/{task.slug}/{name}", task.folder / name)
    for side in SIDES:
        for path in sorted((prepared.folder / side).rglob("*")):
            if path.is_file() and not path.is_symlink():
                yield Archived(f"{DATA}/{path.relative_to(prepared.folder).as_posix()}", path)


def _fetch(key: str, into: Path, slug: str) -> None:
    """Fetches and unpacks an archive, which may hold anything."""
    into.mkdir(mode=0o755)
    archive = into / "archive.zip"
    try:
        with default_storage.open(key, "rb") as file, archive.open("xb") as copy:
            for chunk in file.chunks(CHUNK_BYTES):
                copy.write(chunk)
        with archive.open("rb") as file:
            members = archive_members(file, archive)
            _check(members, slug)
            tree_write(sorted(members, key=lambda member: member.name), into, _Budget().spend)
    except FileNotFoundError as error:
        raise TaskError(
            f"the storage has no task {slug!r} of the version that is asked for: run `manage.py "
            "tasks sync` on the machine where it was prepared"
        ) from error
    except SubmissionError as error:
        raise InfrastructureError(f"{key} in the storage is damaged: {error}") from error
    archive.unlink()


def _check(members: list[Member], slug: str) -> None:
    """Refuses what no digest covers."""
    files = {(FILES, slug, name) for name in VERSIONED_FILES} | {(SEED_FILE,)}
    for member in members:
        is_data = len(member.parts) > 2 and member.parts[0] == DATA and member.parts[1] in SIDES
        if member.parts not in files and not is_data:
            raise InfrastructureError(
                f"the task {slug!r} in the storage holds {member.name!r}, which no task has"
            )


class _Budget:
    """How many bytes may be written, whatever the headers say."""

    def __init__(self) -> None:
        self._left = TOTAL_BYTES + _FILES_BYTES

    def spend(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise InfrastructureError(
                f"a task in the storage has more than {TOTAL_BYTES >> 20} MB, which no task has"
            )


def _load(folder: Path, slug: str) -> HeldTask:
    """Reads what was unpacked; its data version is not known yet."""
    try:
        seed = Seed.from_hex((folder / SEED_FILE).read_text())
    except (OSError, ValueError) as error:
        raise InfrastructureError(f"the task {slug!r} in the storage has no seed") from error
    return HeldTask(PreparedTask(task_load(folder / FILES / slug), folder / DATA, ""), seed)
