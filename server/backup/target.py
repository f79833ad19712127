"""The database that a backup is restored into: empty, and with tables as the backup's rows fit."""

import gzip
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import IO

from django.core.management.color import no_style
from django.db import Error, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from evaluators.errors import InfrastructureError
from server.backup.archive import archive_members, damaged
from server.backup.facts import Facts, TableFacts
from server.backup.members import DATABASE, table_member
from server.backup.tables import (
    LINE_BYTES,
    MADE_BY_MIGRATING,
    Migrations,
    Model,
    columns_of,
    migrations_applied,
    models_at,
    rows_insert,
    unknown_refuse,
)
from server.clock import database_now
from server.submissions.models import RUNNING, Status


def migrations_of(facts: Facts) -> Migrations:
    """Returns the migrations that made a backup's tables.

    Raises:
        InfrastructureError: a newer version of the code made them.
    """
    migrations = frozenset(
        (app, name) for app, _, name in (one.partition(".") for one in facts.migrations)
    )
    unknown_refuse(MigrationLoader(connection), migrations, "the backup was made by")
    return migrations


def database_is_empty() -> bool:
    """Whether the database has no tables, or none with rows but those that migrating makes."""
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
    # What is not kept counts, too: of a worker that is online, for one.
    return not any(
        model._meta.db_table in there and model._base_manager.exists()
        for label, model in models_at(migrations_applied(), everything=True).items()
        if label not in MADE_BY_MIGRATING
    )


def tables_make(migrations: Migrations) -> None:
    """Makes the tables as they were where the backup was made.

    Raises:
        InfrastructureError: those that are there are of a later version already.
    """
    if later := sorted(migrations_applied() - migrations):
        app, name = later[0]
        raise InfrastructureError(
            f"the tables of the database are newer than the backup ({app}.{name}); give it a "
            "database without any tables: they are made as the backup needs them, and then "
            "brought up to date"
        )
    executor = MigrationExecutor(connection)
    graph = executor.loader.graph
    executor.migrate(
        [
            node
            for node in sorted(migrations)
            if not any(
                child.key in migrations
                for child in graph.node_map[node].children
                if child.key[0] == node[0]
            )
        ]
    )


def rows_restore(*, path: Path, facts: Facts) -> int:
    """Fills all tables in one transaction, and returns how many rows there are.

    Raises:
        InfrastructureError: the rows are not what the backup says, or the database refuses them.
    """
    models = models_at(migrations_of(facts))
    tables = {table_member(table.model): table for table in facts.tables}
    if sorted(models) != sorted(table.model for table in facts.tables):
        raise damaged(path, "its tables are not those of its migrations")
    total = 0
    with transaction.atomic():
        for label in MADE_BY_MIGRATING:
            models[label]._base_manager.all().delete()
        for info, content in archive_members(path):
            if (table := tables.pop(info.name, None)) is not None:
                total += table_fill(models[table.model], table, content, path)
            elif info.name.startswith(f"{DATABASE}/"):
                raise damaged(path, f"{info.name} is none of its tables")
            if not tables:
                break  # PostgreSQL ends a transaction that idles while files are passed over
        if tables:
            raise damaged(path, f"{min(tables)} is missing")
        _workers_forget(models["submissions.evaluation"])
        with connection.cursor() as cursor:
            for sql in connection.ops.sequence_reset_sql(no_style(), list(models.values())):
                cursor.execute(sql)
    return total


def table_fill(model: Model, table: TableFacts, content: IO[bytes], path: Path) -> int:
    """Fills a table from a member of a backup, and returns how many rows there are.

    Raises:
        InfrastructureError: they are not what the backup says, or the database refuses them.
    """
    if columns_of(model) != table.columns:
        raise damaged(path, f"the columns of {table.model} are not those of its migrations")
    try:
        with gzip.open(content, "rb") as packed:
            # One more than it says, and no more, shows that it says too few.
            inserted = rows_insert(model, islice(_lines(packed, path), table.rows + 1))
    except (gzip.BadGzipFile, EOFError) as error:
        raise damaged(path, f"the rows of {table.model} can't be unpacked: {error}") from error
    except Error as error:
        raise InfrastructureError(
            f"the database refuses a row of {table.model}: {str(error).strip()}. Nothing is in it."
        ) from error
    if inserted != table.rows:
        few_or_more = "more" if inserted > table.rows else str(inserted)
        raise damaged(path, f"{table.model} has {few_or_more} rows and not {table.rows}")
    return inserted


def _lines(packed: gzip.GzipFile, path: Path) -> Iterator[bytes]:
    while line := packed.readline(LINE_BYTES + 1):
        if len(line) > LINE_BYTES:
            raise damaged(path, f"a row has more than {LINE_BYTES >> 20} MB")
        yield line


def _workers_forget(evaluation: Model) -> None:
    """What ran when the backup was made waits again: whoever judged it isn't here."""
    running = evaluation._base_manager.filter(status__in=RUNNING)
    running.filter(cancel_requested=False).update(
        status=Status.QUEUED, lease_until=None, started_at=None, stage=""
    )
    # The sweep ends them.
    running.update(lease_until=database_now())
