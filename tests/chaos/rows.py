"""What the database says of evaluations, also while it comes and goes."""

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db import Error, connection

from server.submissions.models import ACTIVE, Evaluation
from server.submissions.selectors import PROCESS_MARK

T = TypeVar("T")
DATABASE_SECONDS = 60.0
LOOK_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Row:
    """An evaluation as its row has it now.

    Attributes:
        evaluation: its public id.
        worker: who has it, or had it last.
    """

    evaluation: str
    status: str
    stage: str
    attempt: int
    worker: str
    verdict: str
    lease_until: datetime | None

    @property
    def has_ended(self) -> bool:
        """Whether nothing more becomes of it."""
        return self.status not in ACTIVE

    @property
    def main_pid(self) -> int:
        """The main process of its worker."""
        return int(self.worker.partition(PROCESS_MARK)[0].rpartition(":")[2])

    @property
    def pool_pid(self) -> int:
        """The process of its worker that judges it."""
        return int(self.worker.rpartition(PROCESS_MARK)[2])


def row_of(submission: str) -> Row:
    """The row of a submission's latest evaluation."""
    columns = ("public_id", "status", "stage", "attempt", "worker", "verdict", "lease_until")
    found = asked(
        lambda: (
            Evaluation.objects.filter(submission__public_id=submission)
            .order_by("-id")
            .values_list(*columns)[:1]
            .get()
        )
    )
    return Row(*found)


def asked(question: Callable[[], T]) -> T:
    """Asks the database, again while it is away."""
    until = time.monotonic() + DATABASE_SECONDS
    while True:
        try:
            return question()
        except Error:
            with contextlib.suppress(Error):
                connection.close()
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def wait_until(what: Callable[[], bool], *, seconds: float, told: str) -> None:
    """Waits until something holds.

    Raises:
        AssertionError: it does not in time; says what.
    """
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, f"not within {seconds:.0f} s: {told}"
        time.sleep(LOOK_SECONDS)
