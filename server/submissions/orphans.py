"""Compares the storage with the database: files without a row, and rows without a file.

A file is in the storage before its row is written. So a process that dies between the two, or a
result that came too late, leaves a file that nobody knows. It goes after a day: what is younger may
still get its row.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from server.competitions.task_bundles import FOLDER as TASKS
from server.ids import public_id
from server.storage.stored_files import StoredFile, stored_files, unfinished_delete
from server.submissions.models import Diagnostic, Evaluation, Submission
from server.submissions.storage import PROBES, RESULTS, UPLOADS, stored_delete

AGE = timedelta(days=1)
BATCH = 500
# Up to so many orphans, nobody wonders whether this is the right database.
FEW = 20
Known = Callable[[list[str]], set[str]]


@dataclass(frozen=True, slots=True)
class Count:
    """What a look through the storage found.

    Attributes:
        files: uploads and results.
        orphans: of them, older than a day and in no row.
        orphan_bytes: what those take.
    """

    files: int = 0
    orphans: int = 0
    orphan_bytes: int = 0

    @property
    def is_odd(self) -> bool:
        """Whether so many are orphans that the database may not be the storage's own."""
        return self.orphans > FEW and 2 * self.orphans > self.files


@dataclass(frozen=True, slots=True)
class Missing:
    """A file that a row speaks of, and that the storage lacks.

    Attributes:
        key: where it should be.
        of: the row, for people.
    """

    key: str
    of: str


def orphans_count() -> Count:
    """Looks through the storage without changing it.

    Raises:
        OSError: the storage fails.
    """
    before = storage_now() - AGE
    files = orphans = size = 0
    for batch, known in _batches():
        files += len(batch)
        found = _orphans_of(batch, known, before)
        orphans += len(found)
        size += sum(file.size for file in found)
    return Count(files, orphans, size)


def orphans_find() -> Iterator[StoredFile]:
    """Lists the orphans, few at a time.

    Raises:
        OSError: the storage fails.
    """
    before = storage_now() - AGE
    for batch, known in _batches():
        yield from _orphans_of(batch, known, before)


def orphans_delete() -> int:
    """Removes the orphans, with parts of files that never became whole; returns how many.

    Raises:
        OSError: the storage fails.
    """
    before = storage_now() - AGE
    removed = sum(unfinished_delete(folder, before) for folder in (UPLOADS, RESULTS, TASKS))
    for file in orphans_find():
        stored_delete(key=file.key)
        removed += 1
    return removed


def missing_find() -> Iterator[Missing]:
    """Lists the files that rows speak of and that are not there, few at a time.

    Raises:
        OSError: the storage fails.
    """
    for key, public in _rows():
        if not default_storage.exists(key):
            yield Missing(key, public)


def storage_now() -> datetime:
    """The time by the storage's own clock, by which it dates its files.

    Raises:
        OSError: the storage fails.
    """
    key = default_storage.save(f"{PROBES}/{public_id()}", ContentFile(b"."))
    try:
        return default_storage.get_modified_time(key)
    finally:
        default_storage.delete(key)


def _batches() -> Iterator[tuple[list[StoredFile], Known]]:
    folders = ((UPLOADS, _known_uploads), (RESULTS, _known_results), (PROBES, _known_probes))
    for folder, known in folders:
        files = stored_files(folder)
        while batch := list(islice(files, BATCH)):
            yield batch, known


def _orphans_of(batch: list[StoredFile], known: Known, before: datetime) -> list[StoredFile]:
    old = [file for file in batch if file.modified < before]
    rows = known([file.key for file in old])
    return [file for file in old if file.key not in rows]


def _known_uploads(keys: list[str]) -> set[str]:
    return set(
        Submission.objects.filter(storage_key__in=keys).values_list("storage_key", flat=True)
    )


def _known_results(keys: list[str]) -> set[str]:
    # Their folders are named after the evaluation and its attempt.
    evaluations = Evaluation.objects.filter(
        public_id__in={key.split("/")[1].rpartition("-")[0] for key in keys}
    )
    pictures = Diagnostic.objects.filter(evaluation__in=evaluations)
    known = set(pictures.values_list("picture_key", flat=True))
    for found in evaluations.values_list("statistics_key", "predictions_key"):
        known.update(found)
    return known


def _known_probes(keys: list[str]) -> set[str]:
    return set()


def _rows() -> Iterator[tuple[str, str]]:
    yield from _filled(
        Submission.objects.order_by("pk")
        .values_list("storage_key", "public_id")
        .iterator(chunk_size=BATCH),
        "submission",
    )
    for column in ("statistics_key", "predictions_key"):
        yield from _filled(
            Evaluation.objects.order_by("pk")
            .values_list(column, "public_id")
            .iterator(chunk_size=BATCH),
            "evaluation",
        )
    yield from _filled(
        Diagnostic.objects.order_by("pk")
        .values_list("picture_key", "evaluation__public_id")
        .iterator(chunk_size=BATCH),
        "evaluation",
    )


def _filled(rows: Iterable[tuple[str, str]], noun: str) -> Iterator[tuple[str, str]]:
    for key, public in rows:
        if key:
            yield key, f"{noun} {public}"
