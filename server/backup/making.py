"""Makes a backup."""

import tempfile
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import IO

from evaluators.errors import InfrastructureError
from server.backup.archive import ArchiveWriter
from server.backup.facts import Missing
from server.backup.files import (
    StoredFile,
    bundles,
    data_files,
    data_lacking,
    seed_file,
    stored_files,
)
from server.backup.members import FACTS, MISSING, SEED, table_member
from server.backup.snapshot import Dump, Told, database_dump

SHOWN = 20
FILES_A_LINE = 1000


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that has been made.

    Attributes:
        rows: of the database.
        files: of the storage.
        size: bytes.
        missing: what should be in it and is not.
        made_at: the moment that it shows.
    """

    rows: int
    files: int
    size: int
    missing: tuple[str, ...]
    made_at: datetime


def backup_make(*, out: IO[bytes], scratch: Path, incomplete: bool, tell: Told) -> Made:
    """Writes a backup of database, storage, prepared data and seed.

    Args:
        out: where to; a pipe is fine.
        scratch: a folder on a disk with room for the database's rows, packed.
        incomplete: whether to go on when a file is missing, and to list it in the backup.
        tell: called with lines of progress.

    Raises:
        InfrastructureError: something is missing and `incomplete` is not asked for; or a newer
            version of the code made the database.
        OSError: it can't be written.
    """
    with tempfile.TemporaryDirectory(dir=scratch, prefix=".backup-") as folder:
        dump = database_dump(folder=Path(folder), tell=tell)
        return _write(dump, out, incomplete, tell)


def _write(dump: Dump, out: IO[bytes], incomplete: bool, tell: Told) -> Made:
    archive = ArchiveWriter(out, made_at=dump.facts.made_at.timestamp())
    _add_text(archive, FACTS, dump.facts.model_dump_json(indent=1))
    for table in dump.facts.tables:
        _add_file(archive, table_member(table.model), dump.file(table.model))
    missing = list(data_lacking(dump))
    for name, path in data_files():
        _add_file(archive, name, path)
    if seed_file().is_file():
        _add_file(archive, SEED, seed_file())
    elif _has_tasks(dump):
        missing.append(f"{seed_file()}, the seed of all splits")
    files = 0
    for stored in chain(bundles(dump), stored_files(dump)):
        if trouble := _add_stored(archive, stored):
            missing.append(trouble)
        else:
            files += 1
        if files and files % FILES_A_LINE == 0:
            tell(f"{files} files, {archive.size >> 20} MB")
    if missing and not incomplete:
        raise _incomplete(missing)
    _add_text(archive, MISSING, Missing(missing=tuple(missing)).model_dump_json(indent=1))
    archive.close()
    rows = sum(table.rows for table in dump.facts.tables)
    return Made(rows, files, archive.size, tuple(missing), dump.facts.made_at)


def _add_stored(archive: ArchiveWriter, stored: StoredFile) -> str:
    """Adds a file of the storage, and returns what is wrong with it, if anything is."""
    try:
        opened = stored.open()
    except InfrastructureError as error:
        return f"{stored.key}: {error}"
    with opened as content:
        digest = archive.add(stored.member, content, content.size)
    if stored.sha256 not in ("", digest):
        return f"{stored.key}: it is not what was uploaded; the storage has damaged it"
    return ""


def _add_file(archive: ArchiveWriter, name: str, path: Path) -> None:
    with path.open("rb") as content:
        archive.add(name, content, path.stat().st_size)


def _add_text(archive: ArchiveWriter, name: str, text: str) -> None:
    content = text.encode()
    archive.add(name, BytesIO(content), len(content))


def _has_tasks(dump: Dump) -> bool:
    return any(t.model == "competitions.taskversion" and t.rows for t in dump.facts.tables)


def _incomplete(missing: list[str]) -> InfrastructureError:
    listed = "".join(f"\n  {one}" for one in missing[:SHOWN])
    more = f"\n  and {len(missing) - SHOWN} more" if len(missing) > SHOWN else ""
    return InfrastructureError(
        f"{len(missing)} things that belong in it are missing:{listed}{more}\n"
        "Put them right, or make it without them: --incomplete."
    )
