"""Makes an installation out of a backup."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.management import call_command

from evaluators.errors import InfrastructureError
from server.backup.archive import CHUNK_BYTES, Checked, archive_check, archive_members
from server.backup.files import seed_file
from server.backup.members import DATA, SEED, STORAGE
from server.backup.snapshot import Told
from server.backup.target import (
    database_is_empty,
    migrations_of,
    rows_restore,
    tables_make,
)
from server.competitions.task_bundles import FOLDER as TASKS
from server.storage.stored_files import Listing
from server.submissions.storage import RESULTS, UPLOADS

FILES_A_LINE = 1000
# Where a backup puts stored files.
FOLDERS = (UPLOADS, RESULTS, TASKS)


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored.

    Attributes:
        rows: of the database.
        files: stored files and those of prepared data.
        missing: what the backup itself lacked.
    """

    rows: int
    files: int
    missing: tuple[str, ...]


def backup_restore(*, path: Path, tell: Told) -> Restored:
    """Restores a backup into an empty database, storage and `SPRINGBOARD_VAR`.

    Until the rows are there, in one transaction and after all files, the installation has nobody;
    so one that was interrupted is seen, and is finished by restoring the same backup again.

    Args:
        path: the backup.
        tell: called with lines of progress.

    Raises:
        InfrastructureError: the backup is damaged or made by a newer version, there is something
            already, or a part of it can't be written; says what to do.
    """
    tell("looking at every byte of the backup")
    checked = archive_check(path)
    migrations = migrations_of(checked.facts)
    continued = _begin(checked)
    if not (continued and not database_is_empty()):
        tables_make(migrations)
        files = _files_restore(path, continued=continued, tell=tell)
        tell("filling the database")
        rows = rows_restore(path=path, facts=checked.facts)
    else:
        files, rows = checked.files, sum(table.rows for table in checked.facts.tables)
    tell("bringing the database up to date")
    call_command("migrate", verbosity=0, interactive=False)
    _mark().unlink()
    return Restored(rows, files, checked.missing)


def _mark() -> Path:
    return Path(settings.VAR_DIR) / "restoring.json"


def _begin(checked: Checked) -> bool:
    """Sees that nothing is in the way; returns whether a restore of this backup had begun.

    Raises:
        InfrastructureError: something is.
    """
    if _mark().exists():
        if json.loads(_mark().read_text())["backup"] == checked.digest:
            return True
        raise InfrastructureError(
            f"the restore of another backup was interrupted here ({_mark()}): restore that one "
            "again to finish it, or begin with an empty database, storage and SPRINGBOARD_VAR"
        )
    if not database_is_empty():
        raise InfrastructureError(
            "the database is not empty; a backup is restored into one without rows, named by "
            "DATABASE_URL, and never over anybody's grades"
        )
    for folder in FOLDERS:
        # Both storages of ours list what they hold.
        if any(True for _ in cast(Listing, default_storage).stored_files(folder)):
            raise InfrastructureError(
                f"the storage has files under {folder}/; name an empty one by STORAGE_URL"
            )
    for there in (seed_file(), *Path(settings.DATA_DIR).glob("*/*")):
        if there.exists():
            raise InfrastructureError(
                f"{there} exists; name an empty folder by SPRINGBOARD_VAR, or move it away"
            )
    _mark().write_text(json.dumps({"backup": checked.digest}))
    return False


def _files_restore(path: Path, *, continued: bool, tell: Told) -> int:
    files = 0
    for info, content in archive_members(path):
        kind, _, name = info.name.partition("/")
        if info.name == SEED:
            _write(seed_file(), content, private=True)
        elif kind == DATA:
            _write(Path(settings.DATA_DIR) / name, content, private="private" in name.split("/"))
        elif kind == STORAGE:
            _store(name, content, continued=continued)
        else:
            continue
        files += 1
        if files % FILES_A_LINE == 0:
            tell(f"{files} of the files")
    return files


def _store(key: str, content: IO[bytes], *, continued: bool) -> None:
    if continued:
        # Perhaps only a part of it came.
        default_storage.delete(key)
    saved = default_storage.save(key, File(content))
    if saved != key:
        default_storage.delete(saved)
        raise InfrastructureError(f"{key} is in the storage already, or twice in the backup")


def _write(path: Path, content: IO[bytes], *, private: bool) -> None:
    path.parent.mkdir(mode=0o700 if private else 0o755, parents=True, exist_ok=True)
    with path.open("wb") as file:
        path.chmod(0o600 if private else 0o644)
        shutil.copyfileobj(content, file, CHUNK_BYTES)
