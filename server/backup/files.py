"""The files of a backup: what rows point to, prepared data, and the seed of all splits."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import File

from evaluators.errors import InfrastructureError
from evaluators.prepared import READY_FILE
from server.backup.members import DATA, SEED, STORAGE
from server.backup.snapshot import Dump
from server.competitions.task_bundles import bundle_is_kept, bundle_key
from server.refusals import NotFound
from server.submissions.storage import stored_open

# Columns that hold keys of the storage, and the column with the digest where there is one.
STORED = {
    "submissions.submission": {"storage_key": "sha256"},
    "submissions.evaluation": {"statistics_key": "", "predictions_key": ""},
    "submissions.diagnostic": {"picture_key": ""},
}
TASK_VERSION = "competitions.taskversion"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of the storage that a row points to.

    Attributes:
        key: where the storage has it.
        sha256: what its digest must be; empty where the row doesn't say.
    """

    key: str
    sha256: str = ""

    @property
    def member(self) -> str:
        """Its name in the backup."""
        return f"{STORAGE}/{self.key}"

    def open(self) -> "File[bytes]":
        """Opens it to read it.

        Raises:
            InfrastructureError: the storage has it no more.
        """
        try:
            return stored_open(key=self.key, missing="the storage does not have it")
        except NotFound as error:
            raise InfrastructureError(error.detail) from error


def stored_files(dump: Dump) -> Iterator[StoredFile]:
    """Yields the files that the rows of a dump point to."""
    for model, keys in STORED.items():
        for row in _rows(dump, model):
            for column, digest in keys.items():
                if row[column]:
                    yield StoredFile(row[column], row[digest] if digest else "")


def bundles(dump: Dump) -> Iterator[StoredFile]:
    """Yields the task versions that the storage has; of some it may have none."""
    for row in _rows(dump, TASK_VERSION):
        if bundle_is_kept(**_bundle(row)):
            yield StoredFile(bundle_key(**_bundle(row)))


def seed_file() -> Path:
    """The secret that all splits derive from."""
    return Path(settings.VAR_DIR) / SEED


def data_files() -> Iterator[tuple[str, Path]]:
    """Yields the files of prepared data with their members' names.

    A folder's `ready.json` comes after all else in it: a folder without one is not used.
    """
    root = Path(settings.DATA_DIR)
    for ready in sorted(root.glob(f"*/*/{READY_FILE}")):
        within = [path for path in sorted(ready.parent.rglob("*")) if path != ready]
        for path in (*within, ready):
            if path.is_file() and not path.is_symlink():
                yield f"{DATA}/{path.relative_to(root).as_posix()}", path


def data_lacking(dump: Dump) -> Iterator[str]:
    """Yields the task versions of competitions whose data neither machine nor storage has."""
    there = {_versions(ready) for ready in Path(settings.DATA_DIR).glob(f"*/*/{READY_FILE}")}
    used = {row["task_version_id"] for row in _rows(dump, "competitions.competition")}
    for row in _rows(dump, TASK_VERSION):
        is_here = (row["version"], row["data_version"]) in there
        if row["id"] in used and not is_here and not bundle_is_kept(**_bundle(row)):
            yield f"prepared data of the task {row['slug']}, version {row['data_version'][:12]}"


def _versions(ready: Path) -> tuple[str, str]:
    told = json.loads(ready.read_text())
    return str(told.get("task_version", "")), str(told.get("data_version", ""))


def _bundle(row: dict[str, Any]) -> dict[str, str]:
    return {name: row[name] for name in ("slug", "version", "data_version")}


def _rows(dump: Dump, model: str) -> Iterator[dict[str, Any]]:
    table = next(table for table in dump.facts.tables if table.model == model)
    for line in dump.lines(model):
        yield dict(zip(table.columns, json.loads(line), strict=True))
