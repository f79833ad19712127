"""Tables as lines of JSON, the same from every database."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.migrations.loader import MigrationLoader

from evaluators.errors import InfrastructureError

# Whoever was logged in logs in again, and the workers that were online are other processes.
NOT_KEPT = frozenset({"sessions.session", "submissions.worker"})
# Made with the tables, and made anew from the backup.
MADE_BY_MIGRATING = ("auth.permission", "contenttypes.contenttype")
ROWS_AT_ONCE = 500
# A row holds two logs and the error of one evaluation, at the most.
LINE_BYTES = 64 << 20

Migrations = frozenset[tuple[str, str]]
Model = type[models.Model]


def migrations_applied() -> Migrations:
    """Returns the migrations that made this database's tables.

    Raises:
        InfrastructureError: some are of a newer version of the code.
    """
    loader = MigrationLoader(connection)
    applied = frozenset(loader.applied_migrations)
    unknown_refuse(loader, applied, "the database was migrated by")
    return applied


def unknown_refuse(loader: MigrationLoader, migrations: Migrations, by: str) -> None:
    """Refuses migrations that this code does not have.

    Raises:
        InfrastructureError: there are some.
    """
    if unknown := sorted(migrations - frozenset(loader.disk_migrations)):
        app, name = unknown[0]
        raise InfrastructureError(
            f"{by} a newer version of Springboard, with {len(unknown)} migrations that this one "
            f"lacks ({app}.{name}); install that version, or a newer one"
        )


def models_at(migrations: Migrations, *, everything: bool = False) -> dict[str, Model]:
    """Returns the models that fit the tables as these migrations made them, by their labels.

    Args:
        migrations: which.
        everything: whether those that are not kept are among them.
    """
    state = MigrationLoader(connection).project_state(sorted(migrations))
    return {
        model._meta.label_lower: model
        for model in state.apps.get_models(include_auto_created=True)
        if everything or model._meta.label_lower not in NOT_KEPT
    }


def columns_of(model: Model) -> tuple[str, ...]:
    """Returns the names under which a row's values are written."""
    return tuple(field.attname for field in model._meta.local_concrete_fields)


def rows_encode(model: Model) -> Iterator[bytes]:
    """Reads a table, a line for each row, in the order of its key."""
    rows = model._base_manager.order_by("pk").values_list(*columns_of(model))
    for row in rows.iterator(chunk_size=ROWS_AT_ONCE):
        # Sorted: databases don't all keep the order of a JSON value's names.
        yield json.dumps(row, default=_text, separators=(",", ":"), sort_keys=True).encode() + b"\n"


def rows_insert(model: Model, lines: Iterable[bytes]) -> int:
    """Fills a table from its lines, and returns how many there were.

    Raises:
        InfrastructureError: a line is none of this table.
        django.db.Error: the database does not take a row.
    """
    fields = model._meta.local_concrete_fields
    quote = connection.ops.quote_name
    names = ", ".join(quote(str(field.column)) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    # The names are the models' own.
    insert = f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES ({places})"  # noqa: S608
    inserted, rows = 0, (_values(model, fields, line) for line in lines)
    with connection.cursor() as cursor:
        while batch := list(islice(rows, ROWS_AT_ONCE)):
            cursor.executemany(insert, batch)
            inserted += len(batch)
    return inserted


def _values(model: Model, fields: Sequence["models.Field[Any, Any]"], line: bytes) -> list[Any]:
    try:
        values = json.loads(line)
        if not isinstance(values, list):
            raise ValueError("no list")
        return [
            field.get_db_prep_save(field.to_python(value), connection)
            for field, value in zip(fields, values, strict=True)
        ]
    except (ValueError, TypeError, RecursionError, ValidationError) as error:
        raise InfrastructureError(
            f"a line of {model._meta.label_lower} is none of its rows: {error}"
        ) from error


def _text(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(f"a {type(value).__name__} can't be written down")
