"""The database as it is at one moment, while others go on writing."""

import gzip
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction

from server.backup.facts import Facts, TableFacts
from server.backup.tables import columns_of, migrations_applied, models_at, rows_encode
from server.clock import database_now

# More costs seconds and saves little: most bytes of a backup are uploads, packed already.
COMPRESSION = 3
Told = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Dump:
    """The rows of one moment.

    Attributes:
        facts: what the backup says of itself.
        folder: holds a file for each table.
    """

    facts: Facts
    folder: Path

    def file(self, model: str) -> Path:
        """Where the rows of a table are."""
        return self.folder / f"{model}.jsonl.gz"

    def lines(self, model: str) -> Iterator[bytes]:
        """Reads the rows of a table."""
        with gzip.open(self.file(model), "rb") as lines:
            yield from lines


def database_dump(*, folder: Path, tell: Told) -> Dump:
    """Writes down all rows as they are at one moment, each table to a file.

    Args:
        folder: an empty folder, readable by nobody else.
        tell: called with a line for each table that has rows.

    Raises:
        InfrastructureError: a newer version of the code made the tables.
    """
    tables = []
    with _one_moment() as at:
        migrations = migrations_applied()
        for label, model in sorted(models_at(migrations).items()):
            rows = 0
            with (
                (folder / f"{label}.jsonl.gz").open("wb") as file,
                # The same rows make the same bytes, whenever they are written.
                gzip.GzipFile("", "wb", COMPRESSION, file, mtime=0) as out,
            ):
                for line in rows_encode(model):
                    out.write(line)
                    rows += 1
            tables.append(TableFacts(model=label, columns=columns_of(model), rows=rows))
            if rows:
                tell(f"{label}: {rows} rows")
    facts = Facts(
        made_at=at,
        database=connection.vendor,
        migrations=tuple(f"{app}.{name}" for app, name in sorted(migrations)),
        tables=tuple(tables),
    )
    return Dump(facts, folder)


@contextmanager
def _one_moment() -> Iterator[datetime]:
    """Reads that all see the database as it was at the first of them, and hold up no writer."""
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield database_now()
        return
    # Not atomic(), which would take SQLite's only place for writers.
    with connection.cursor() as cursor:
        cursor.execute("BEGIN DEFERRED")
        try:
            cursor.execute("SELECT count(*) FROM django_migrations").fetchone()
            yield database_now()
        finally:
            cursor.execute("ROLLBACK")
