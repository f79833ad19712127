"""The stacks that are broken."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.chaos.embedded import Filesystem, Sqlite
from tests.chaos.stack import Stack, Timing

SQLITE = "sqlite"
POSTGRESQL = "postgresql"
STACKS = {SQLITE: "SQLite + filesystem broker", POSTGRESQL: "PostgreSQL + Redis"}


@contextmanager
def stack_made(name: str, timing: Timing) -> Iterator[Stack]:
    """A stack that has its servers but runs no process of ours yet; all is gone afterwards."""
    # Short: unix sockets lie in it.
    folder = Path(tempfile.mkdtemp(prefix="chaos-", dir="/tmp"))
    # Nothing but the sandbox keeps a submission away.
    folder.chmod(0o755)
    try:
        with contextlib.closing(_stack(name, folder, timing)) as stack:
            os.environ.update(stack.environment)
            yield stack
    finally:
        if not os.environ.get("CHAOS_KEEP"):
            shutil.rmtree(folder, ignore_errors=True)


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
