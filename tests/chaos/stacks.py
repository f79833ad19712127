"""The stacks that are broken."""

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.chaos.embedded import Filesystem, Sqlite
from tests.chaos.stack import STORAGE, Stack, Timing

SQLITE = "sqlite"
POSTGRESQL = "postgresql"
STORAGE_MB = 100
STACKS = {SQLITE: "SQLite + filesystem broker", POSTGRESQL: "PostgreSQL + Redis"}


@contextmanager
def stack_made(name: str, timing: Timing) -> Iterator[Stack]:
    """A stack that has its servers but runs no process of ours yet; all is gone afterwards."""
    # Short: unix sockets lie in it.
    folder = Path(tempfile.mkdtemp(prefix="chaos-", dir="/tmp"))
    # Nothing but the sandbox keeps a submission away.
    folder.chmod(0o755)
    try:
        with _disk(folder / STORAGE), contextlib.closing(_stack(name, folder, timing)) as stack:
            os.environ.update(stack.environment)
            yield stack
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _disk(folder: Path) -> Iterator[None]:
    """A disk of its own, that can be filled; only root can make one."""
    folder.mkdir()
    if os.geteuid() != 0:
        yield
        return
    size = f"size={STORAGE_MB}m"
    subprocess.run(["mount", "-t", "tmpfs", "-o", size, "chaos", str(folder)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def _stack(name: str, folder: Path, timing: Timing) -> Stack:
    if name == SQLITE:
        return Stack(
            name=name,
            folder=folder,
            timing=timing,
            database=Sqlite(folder),
            broker=Filesystem(folder / "var"),
        )
    # Not imported where it isn't needed: the servers come with the tools for tests.
    from tests.chaos.servers import Postgres, RedisBroker

    return Stack(
        name=name,
        folder=folder,
        timing=timing,
        database=Postgres(folder),
        broker=RedisBroker(folder),
    )
