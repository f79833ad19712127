"""What a fault has to work with: students who submit, and a watch on what becomes of it."""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.chaos.rows import LOOK_SECONDS, Row, row_of, wait_until
from tests.chaos.stack import Running, Stack
from tests.chaos.students import Students
from tests.chaos.uploads import Upload
from tests.chaos.world import HALVES, Person, World

REACH_SECONDS = 60.0
END_SECONDS = 90.0


@dataclass(slots=True)
class Sent:
    """A submission that the server took.

    Attributes:
        person: whose.
        upload: what was sent.
        competition: where to.
        submission: its id.
        struck: whether the fault is meant for it, so that its recovery counts.
        attempts: how often it may have been begun.
        ended_at: when it was seen to have ended, by the suite's clock.
    """

    person: Person
    upload: Upload
    competition: str
    submission: str
    struck: bool
    attempts: range
    ended_at: float | None = None

    @property
    def row(self) -> Row:
        """What the database says of it."""
        return row_of(self.submission)


class Arena:
    """One trial of a fault.

    Args:
        stack: what is broken.
        world: where the people come from.
        students: their access to it.

    Attributes:
        sent: all submissions of the trial.
        struck_at: when the fault was done, by the suite's clock.
    """

    def __init__(self, stack: Stack, world: World, students: Students) -> None:
        self.stack = stack
        self.world = world
        self.students = students
        self.sent: list[Sent] = []
        self.struck_at: float | None = None

    def submit(
        self,
        upload: Upload,
        *,
        competition: str = HALVES,
        struck: bool = True,
        attempts: range = range(1, 2),
        person: Person | None = None,
        key: str | None = None,
    ) -> Sent:
        """Somebody new submits."""
        person = person or self.world.person()
        submission = self.students.submit(person, upload, competition=competition, key=key)
        return self.took(
            Sent(person, upload, competition, submission, struck=struck, attempts=attempts)
        )

    def took(self, sent: Sent) -> Sent:
        """Notes a submission that the server took."""
        self.sent.append(sent)
        return sent

    def strike(self) -> None:
        """Notes that the fault happens now."""
        self.struck_at = time.monotonic()

    def reached(self, sent: Sent, stage: str) -> Row:
        """Waits until a submission is in a stage."""
        wait_until(
            lambda: sent.row.stage == stage or sent.row.has_ended,
            seconds=REACH_SECONDS,
            told=f"a submission in the stage {stage}, it is {sent.row}",
        )
        row = sent.row
        assert row.stage == stage and not row.has_ended, f"{stage} was missed: {row}"
        return row

    def claimed(self, sent: Sent) -> Row:
        """Waits until a submission has just been claimed, looking as often as can be."""
        until = time.monotonic() + REACH_SECONDS
        while not (row := sent.row).attempt:
            assert time.monotonic() < until, f"nobody claims {row}"
        return row

    def ended(self, sent: Sent) -> None:
        """Waits until one has ended."""
        wait_until(lambda: sent.row.has_ended, seconds=END_SECONDS, told=f"the end of {sent.row}")
        sent.ended_at = sent.ended_at or time.monotonic()

    def worker_of(self, row: Row) -> Running:
        """Whose hands an evaluation is in."""
        return self.stack.worker_of(row.main_pid)

    @contextmanager
    def frozen(self, *workers: Running) -> Iterator[None]:
        """Inside, all processes of some workers stand still; what they judge does not."""
        self._freeze(workers)
        try:
            yield
        finally:
            for worker in workers:
                worker.send(signal.SIGCONT)

    def _freeze(self, workers: tuple[Running, ...]) -> None:
        """Not while one holds a lock that all others need: nobody could do anything then."""
        while True:
            for worker in workers:
                worker.send(signal.SIGSTOP)
            if self.stack.database.can_be_written():
                return
            for worker in workers:
                worker.send(signal.SIGCONT)
            time.sleep(0.01)

    def wait(self) -> None:
        """Waits until all have ended, and notes when each did.

        Raises:
            AssertionError: one is stuck.
        """
        until = time.monotonic() + END_SECONDS
        while waiting := [one for one in self.sent if one.ended_at is None]:
            for one in waiting:
                if one.row.has_ended:
                    one.ended_at = time.monotonic()
            assert time.monotonic() < until, f"stuck: {[one.row for one in waiting]}"
            self.stack.crew(wait=False)
            time.sleep(LOOK_SECONDS)

    @property
    def recovery(self) -> float | None:
        """Seconds from the fault to the end of the last submission that it was meant for."""
        ends = [one.ended_at for one in self.sent if one.struck and one.ended_at is not None]
        return max(ends) - self.struck_at if ends and self.struck_at is not None else None
