"""What the queue should do, in plain Python: no database, no leases but numbers."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

FAIRNESS = timedelta(hours=1)
ATTEMPTS = 3
DAILY, WAITING = 4, 3


@dataclass
class Judged:
    """An evaluation as it should be.

    Attributes:
        sent: the number of its submission.
        left_until: until when the worker that failed at it leaves it to others.
        charged: whether it counts against the day's limit, once it has ended.
    """

    pk: int
    sent: int
    team: int
    behind: bool
    queued_at: datetime
    status: str = "queued"
    verdict: str = ""
    attempt: int = 0
    failures: int = 0
    cancel: bool = False
    lease_until: datetime | None = None
    started_at: datetime | None = None
    charged: bool = False
    worker: str = ""
    left_until: datetime | None = None

    @property
    def active(self) -> bool:
        return self.status in ("queued", "running", "scoring")

    @property
    def runs(self) -> bool:
        return self.status in ("running", "scoring")

    def wait_again(self) -> None:
        self.status, self.lease_until, self.started_at = "queued", None, None

    def end(self, status: str, verdict: str = "", *, charged: bool = False) -> None:
        self.status, self.verdict, self.charged, self.lease_until = status, verdict, charged, None

    def fail(self) -> None:
        """By a fault of ours, or as its worker died."""
        if self.cancel:
            self.end("cancelled", "cancelled")
            return
        self.failures += 1
        if self.failures == ATTEMPTS:
            self.end("error")
        else:
            self.wait_again()


@dataclass
class Model:
    """All evaluations, by their numbers."""

    all: dict[int, Judged] = field(default_factory=dict)

    def of(self, team: int) -> list[Judged]:
        return [one for one in self.all.values() if one.team == team]

    def next(self, worker: str, now: datetime) -> Judged | None:
        """Who comes next: staff's last, then the team that was judged least, then the oldest."""
        running = {one.team for one in self.all.values() if one.runs}
        waiting = [
            one
            for one in self.all.values()
            if one.status == "queued"
            and one.team not in running
            and not (one.worker == worker and one.left_until and one.left_until > now)
        ]
        return min(waiting, key=lambda one: self._place(one, now), default=None)

    def used(self, team: int) -> int:
        return sum(one.active or one.charged for one in self.of(team) if not one.behind)

    def waits(self, team: int) -> int:
        return sum(one.status == "queued" for one in self.of(team))

    def latest(self, sent: int) -> Judged:
        return max((one for one in self.all.values() if one.sent == sent), key=lambda one: one.pk)

    def pass_time(self, by: timedelta) -> None:
        """All that is noted lies further back."""
        for one in self.all.values():
            one.queued_at -= by
            one.started_at = one.started_at and one.started_at - by
            one.lease_until = one.lease_until and one.lease_until - by
            one.left_until = one.left_until and one.left_until - by

    def _place(self, one: Judged, now: datetime) -> tuple[bool, int, datetime, int]:
        recent = sum(
            other.started_at is not None and other.started_at > now - FAIRNESS and not other.behind
            for other in self.of(one.team)
        )
        return (one.behind, recent, one.queued_at, one.pk)
