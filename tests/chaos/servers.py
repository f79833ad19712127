"""What is a server of its own: PostgreSQL and Redis."""

import random
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import redis

from tests.chaos.parts import Broker, ServerDatabase
from tests.services.postgresql import PostgreSQL
from tests.services.redis import Redis

QUEUE = "cpu"


class Postgres(ServerDatabase):
    """A real server."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "postgresql"
        self.server = PostgreSQL(self._folder)
        self.server.start()
        self.url = self.server.url

    @contextmanager
    def writes_held(self) -> Iterator[None]:
        """See `Database.writes_held`: a lock that only readers get past."""
        with psycopg.connect(self.url) as connection:
            connection.execute("LOCK TABLE submissions_evaluation IN SHARE MODE")
            yield

    def can_be_written(self) -> bool:
        """See `Database.can_be_written`: it locks rows only."""
        return True

    def pause(self, seconds: float) -> None:
        """See `Database.pause`: all processes of the server stand still."""
        self.server.pause()
        try:
            time.sleep(seconds)
        finally:
            self.server.resume()

    def restart(self, *, hard: bool) -> None:
        """See `ServerDatabase.restart`."""
        if hard:
            self.server.kill()
        else:
            self.server.stop()
        self.server.start()

    def connections_cut(self) -> int:
        """See `ServerDatabase.connections_cut`."""
        with psycopg.connect(self.url) as connection:
            cut = connection.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            ).fetchone()
        return int(cut[0]) if cut else 0

    def stop(self) -> None:
        """See `Database.stop`."""
        self.server.stop()
        shutil.rmtree(self._folder, ignore_errors=True)


class RedisBroker(Broker):
    """A real server without persistence."""

    def __init__(self, folder: Path) -> None:
        self._server = Redis(folder / "redis")
        self._server.start()
        self.url = self._server.url

    def lose(self) -> None:
        """See `Broker.lose`."""
        self._server.flush()

    def shuffle(self) -> None:
        """See `Broker.shuffle`."""
        with redis.Redis.from_url(self.url) as client:
            held = client.lrange(QUEUE, 0, -1)
            messages = random.sample(held, len(held))
            if messages:
                client.delete(QUEUE)
                client.rpush(QUEUE, *messages)

    def kill(self) -> None:
        """See `Broker.kill`."""
        self._server.kill()

    def start(self) -> None:
        """See `Broker.start`."""
        self._server.start()

    def stop(self) -> None:
        """See `Broker.stop`."""
        self._server.stop()
