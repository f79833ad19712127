"""Who swept last, and when: for operators, who see by it whether anybody sweeps.

It is kept in the cache: where machines share none (CACHE_URL), each knows its own workers' sweeps.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from server.notes import note_read, note_write

KEY = "last-sweep"
KEPT_SECONDS = 7 * 24 * 3600


@dataclass(frozen=True, slots=True)
class LastSweep:
    """A sweep that ended."""

    at: datetime
    by: str


def sweep_note(*, at: datetime, by: str) -> None:
    """Notes that a sweep has ended."""
    note_write(KEY, {"at": at.timestamp(), "by": by}, seconds=KEPT_SECONDS)


def sweep_last() -> LastSweep | None:
    """Returns the last sweep; None if none is known."""
    note = note_read(KEY)
    return LastSweep(datetime.fromtimestamp(note["at"], UTC), note["by"]) if note else None
