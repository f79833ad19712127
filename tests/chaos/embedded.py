"""What needs no server: SQLite and the broker that is a folder."""

import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.chaos.parts import Broker, Database


class Sqlite(Database):
    """A file; it has no server that could die."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "db.sqlite3"
        self.url = f"sqlite:///{self._path}"

    @contextmanager
    def writes_held(self) -> Iterator[None]:
        """See `Database.writes_held`: an open transaction of somebody else."""
        connection = sqlite3.connect(self._path, isolation_level=None, timeout=30)
        try:
            connection.execute("BEGIN IMMEDIATE")
            yield
        finally:
            connection.close()

    def can_be_written(self) -> bool:
        """See `Database.can_be_written`."""
        connection = sqlite3.connect(self._path, isolation_level=None, timeout=0.2)
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
        finally:
            connection.close()
        return True

    def pause(self, seconds: float) -> None:
        """See `Database.pause`: writes only, as nothing keeps readers from a file in WAL mode."""
        with self.writes_held():
            time.sleep(seconds)

    def stop(self) -> None:
        """See `Database.stop`."""


class Filesystem(Broker):
    """Files in a folder."""

    url = "filesystem://"

    def __init__(self, var: Path) -> None:
        self._messages = var / "broker" / "messages"
        self._away = var / "broker" / "away"

    def lose(self) -> None:
        """See `Broker.lose`."""
        for message in self._messages.iterdir():
            message.unlink(missing_ok=True)

    def shuffle(self) -> None:
        """See `Broker.shuffle`: they are read by the order of their names."""
        names = sorted(path.name for path in self._messages.iterdir())
        others = random.sample(names, len(names))
        contents = {name: (self._messages / name).read_bytes() for name in names}
        for name, other in zip(names, others, strict=True):
            (self._messages / name).write_bytes(contents[other])

    def kill(self) -> None:
        """See `Broker.kill`: its folder is out of reach, and what was in it lost."""
        self._messages.rename(self._away)

    def start(self) -> None:
        """See `Broker.start`."""
        self._messages.mkdir(exist_ok=True)
        for message in self._away.iterdir():
            message.unlink()
        self._away.rmdir()

    def stop(self) -> None:
        """See `Broker.stop`."""
