"""Many sweeps at once."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import Error, connection

from server.submissions.services import leases_sweep
from tests.chaos.arena import Arena
from tests.chaos.fault import TWICE, Fault
from tests.chaos.uploads import scored

SWEEPERS = 4


def _many(arena: Arena) -> None:
    sent = arena.submit(scored(practice=2), attempts=TWICE)
    row = arena.reached(sent, "practice")
    with _sweeping():
        arena.strike()
        arena.worker_of(row).kill()
        arena.ended(sent)


@contextmanager
def _sweeping() -> Iterator[None]:
    """Inside, threads with connections of their own sweep without a pause."""
    over = threading.Event()
    threads = [threading.Thread(target=_sweep, args=(over,)) for _ in range(SWEEPERS)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()


def _sweep(over: threading.Event) -> None:
    try:
        while not over.wait(0.02):
            try:
                leases_sweep()
            except Error:
                # SQLite may be busy for longer than it waits; whoever sweeps comes again.
                connection.close()
    finally:
        connection.close()


FAULTS = (
    Fault(
        "sweep/many",
        f"`kill -9` of a worker while {SWEEPERS} more sweep without a pause",
        "given back once: it is judged in the second attempt",
        _many,
    ),
)
