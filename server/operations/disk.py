"""How much room is left, and how much the database takes."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection


@dataclass(frozen=True, slots=True)
class Disk:
    """The disk where uploads are received, and the database.

    Attributes:
        free: bytes that are free.
        size: bytes in all.
        database: bytes of the database.
    """

    free: int
    size: int
    database: int


def disk_of() -> Disk:
    """Measures both."""
    usage = shutil.disk_usage(settings.STORAGE_DIR)
    return Disk(usage.free, usage.total, _database_bytes())


def _database_bytes() -> int:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database())")
            return int(cursor.fetchone()[0])
    path = Path(str(connection.settings_dict["NAME"]))
    # What was written lately stands beside it.
    files = (path, path.with_name(f"{path.name}-wal"))
    return sum(file.stat().st_size for file in files if file.exists())
