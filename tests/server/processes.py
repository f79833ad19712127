"""Starts parts of the server as processes of their own, and ends them with all their children."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]


def environment(**changes: str) -> dict[str, str]:
    """The tests' settings, on the tests' database."""
    return (
        os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "server.settings.test",
            "SPRINGBOARD_VAR": str(settings.VAR_DIR),
            "DATABASE_URL": _database_url(),
            "PYTHONPATH": str(ROOT),
        }
        | changes
    )


def _database_url() -> str:
    of = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{of['NAME']}"
    login = f"{of['USER']}:{of['PASSWORD']}" if of["PASSWORD"] else of["USER"]
    return f"postgres://{login}@{of['HOST']}:{of['PORT']}/{of['NAME']}"


@contextmanager
def process(
    arguments: list[str], *, log: Path, **changes: str
) -> Iterator[subprocess.Popen[bytes]]:
    """Runs `python -m ARGUMENTS` in a process group of its own."""
    with log.open("ab") as output:
        started = subprocess.Popen(
            [sys.executable, "-m", *arguments],
            cwd=ROOT,
            env=environment(**changes),
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        yield started
    finally:
        kill_group(started)


def kill_group(started: subprocess.Popen[bytes]) -> None:
    """Kills a process with all that it started, as a power cut would."""
    with suppress(ProcessLookupError):
        os.killpg(started.pid, signal.SIGKILL)
    started.wait()


def wait_for(what: Callable[[], bool], *, seconds: float, log: Path) -> None:
    """Waits until something holds.

    Raises:
        AssertionError: it does not hold in time; shows the end of the log.
    """
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, log.read_text()[-4000:]
        time.sleep(0.1)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
