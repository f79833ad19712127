"""A cache in one file, which all web processes of a machine share.

Throttles count in it. Django's own caches that need no other service are no good for that: the one
in memory is each process's own, and in the others two processes that count at once count one.
"""

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache

BUSY_SECONDS = 10.0
_FOREVER = 253402300799.0  # the end of the year 9999
_TABLES = (
    "CREATE TABLE IF NOT EXISTS entries "
    "(key TEXT PRIMARY KEY, value TEXT NOT NULL, expires REAL NOT NULL) WITHOUT ROWID",
    "CREATE INDEX IF NOT EXISTS entries_expires ON entries (expires)",
)


class FileCache(BaseCache):
    """Keeps what JSON can say in an SQLite file; each operation is one transaction.

    Args:
        location: the file.
        params: as other caches of Django have them.
    """

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        self._location = location
        # Of names and addresses: nobody else on the machine reads them.
        Path(location).touch(mode=0o600)
        with self._writing() as entries:
            for table in _TABLES:
                entries.execute(table)

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        """Returns a value, or the default where there is none or it has expired."""
        with self._open() as entries:
            found = _find(entries, self.make_and_validate_key(key, version))
        return default if found is None else json.loads(found)

    def set(
        self,
        key: Any,
        value: Any,
        timeout: float | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> None:
        """Keeps a value."""
        with self._writing() as entries:
            self._put(entries, self.make_and_validate_key(key, version), value, timeout)

    def add(
        self,
        key: Any,
        value: Any,
        timeout: float | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> bool:
        """Keeps a value where there is none, and says whether it did."""
        made = self.make_and_validate_key(key, version)
        with self._writing() as entries:
            if _find(entries, made) is not None:
                return False
            self._put(entries, made, value, timeout)
            return True

    def touch(
        self,
        key: Any,
        timeout: float | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> bool:
        """Gives a value a new time to expire, and says whether there was one."""
        made = self.make_and_validate_key(key, version)
        with self._writing() as entries:
            changed = entries.execute(
                "UPDATE entries SET expires = ? WHERE key = ? AND expires > ?",
                (self._expires(timeout), made, time.time()),
            )
            return changed.rowcount > 0

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        """Adds to a number and returns the sum.

        Raises:
            ValueError: there is none.
        """
        made = self.make_and_validate_key(key, version)
        with self._writing() as entries:
            found = _find(entries, made)
            if found is None:
                raise ValueError(f"Key {key!r} not found")
            total = int(json.loads(found)) + delta
            entries.execute("UPDATE entries SET value = ? WHERE key = ?", (json.dumps(total), made))
            return total

    def delete(self, key: Any, version: int | None = None) -> bool:
        """Forgets a value, and says whether there was one."""
        made = self.make_and_validate_key(key, version)
        with self._writing() as entries:
            return entries.execute("DELETE FROM entries WHERE key = ?", (made,)).rowcount > 0

    def clear(self) -> None:
        """Forgets everything."""
        with self._writing() as entries:
            entries.execute("DELETE FROM entries")

    def _put(
        self, entries: sqlite3.Connection, key: str, value: Any, timeout: float | None
    ) -> None:
        # What has expired makes room first: the file never holds more than what still counts.
        entries.execute("DELETE FROM entries WHERE expires <= ?", (time.time(),))
        entries.execute(
            "INSERT OR REPLACE INTO entries VALUES (?, ?, ?)",
            (key, json.dumps(value), self._expires(timeout)),
        )

    def _expires(self, timeout: float | None) -> float:
        # Django answers None where a value is to be kept for good.
        until = self.get_backend_timeout(cast(int | None, timeout))
        return _FOREVER if until is None else until

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._open() as entries:
            entries.execute("BEGIN IMMEDIATE")
            try:
                yield entries
            except BaseException:
                entries.execute("ROLLBACK")
                raise
            entries.execute("COMMIT")

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        # Opened each time: a connection must be carried neither into another thread nor over a
        # fork, and this one costs a tenth of a millisecond.
        entries = sqlite3.connect(self._location, timeout=BUSY_SECONDS, isolation_level=None)
        try:
            # It may be lost with the machine: what is counted is a matter of minutes.
            entries.execute("PRAGMA synchronous=OFF")
            yield entries
        finally:
            entries.close()


def _find(entries: sqlite3.Connection, key: str) -> str | None:
    row = entries.execute(
        "SELECT value FROM entries WHERE key = ? AND expires > ?", (key, time.time())
    ).fetchone()
    return None if row is None else str(row[0])
