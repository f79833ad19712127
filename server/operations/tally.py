"""Counts all that has ended, without counting all rows each time it is asked.

An evaluation that has ended never changes. What lies below the oldest one that has not ended is
counted once and kept; asked again, only what came since is counted. A kept count that is lost is
counted anew from the table, so the totals are always those of the database. Only durations begin
with the newest rows then, as a new process's would: to read them all would take too long.
"""

import copy
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, Max, Min, QuerySet, Sum

from server.notes import note_read, note_write
from server.submissions.models import ACTIVE, Evaluation

KEY = "tally:1"
# Transactions end in another order than their rows' numbers: what is newer is counted each time.
UNSETTLED = 500
# Of a table that was never counted, so many of the newest rows give durations.
NEWEST = 2_000
BUCKETS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0)
WAITED = "waited"


@dataclass(slots=True)
class Spread:
    """How long something took: how often up to each of the bounds, and past the last."""

    counts: list[int] = field(default_factory=lambda: [0] * (len(BUCKETS) + 1))
    total: float = 0.0

    def add(self, seconds: float) -> None:
        """Counts one."""
        self.counts[bisect_left(BUCKETS, seconds)] += 1
        self.total += seconds


@dataclass(slots=True)
class Tally:
    """What has ended.

    Attributes:
        upto: up to which row it is counted for good.
        ended: how many, by queue, status and verdict.
        retried: attempts beyond the first, by queue.
        failed: attempts that failed by our fault, by queue.
        steps: how long each step took; `waited` is the time in the queue.
    """

    upto: int = 0
    ended: dict[tuple[str, str, str], int] = field(default_factory=dict)
    retried: dict[str, int] = field(default_factory=dict)
    failed: dict[str, int] = field(default_factory=dict)
    steps: dict[str, Spread] = field(default_factory=dict)


def tally_now() -> Tally:
    """Counts what came since the last time, and returns the whole."""
    newest = Evaluation.objects.aggregate(newest=Max("pk"))["newest"] or 0
    active = Evaluation.objects.filter(status__in=ACTIVE).aggregate(oldest=Min("pk"))["oldest"]
    kept = _parsed(note_read(KEY))
    if kept is None or kept.upto > newest:
        kept = Tally()
    settled = min(newest - UNSETTLED, newest if active is None else active - 1)
    if settled > kept.upto:
        _count(kept, kept.upto, settled, newest)
        kept.upto = settled
        note_write(KEY, _plain(kept), seconds=None)
    whole = copy.deepcopy(kept)
    _count(whole, kept.upto, newest, newest)
    return whole


def _count(tally: Tally, after: int, upto: int, newest: int) -> None:
    rows = Evaluation.objects.filter(pk__gt=after, pk__lte=upto).exclude(status__in=ACTIVE)
    for row in (
        rows.order_by()
        .values("queue", "status", "verdict")
        .annotate(number=Count("pk"), attempts=Sum("attempt"), failures=Sum("failures"))
    ):
        queue = row["queue"]
        _add(tally.ended, (queue, row["status"], row["verdict"]), row["number"])
        _add(tally.failed, queue, row["failures"])
        _add(tally.retried, queue, row["attempts"])
    claimed = rows.filter(attempt__gt=0).order_by().values("queue").annotate(number=Count("pk"))
    for once in claimed:
        _add(tally.retried, once["queue"], -once["number"])
    _time(tally.steps, rows.filter(pk__gt=newest - NEWEST) if after == 0 else rows)


def _time(steps: dict[str, Spread], rows: QuerySet[Evaluation]) -> None:
    timed = rows.filter(started_at__isnull=False).annotate(waits=F("started_at") - F("queued_at"))
    for durations, waited in timed.values_list("durations", "waits").iterator():
        for step, seconds in _steps(durations):
            steps.setdefault(step, Spread()).add(seconds)
        steps.setdefault(WAITED, Spread()).add(max(0.0, waited.total_seconds()))


def _steps(durations: Mapping[str, float]) -> Iterable[tuple[str, float]]:
    return ((str(step), float(seconds)) for step, seconds in durations.items())


def _add(counts: dict[Any, int], key: Any, number: int) -> None:
    counts[key] = counts.get(key, 0) + number


def _plain(tally: Tally) -> dict[str, Any]:
    """As a cache keeps it."""
    return {
        "upto": tally.upto,
        "ended": [[*key, number] for key, number in tally.ended.items()],
        "retried": tally.retried,
        "failed": tally.failed,
        "steps": {step: [one.counts, one.total] for step, one in tally.steps.items()},
    }


def _parsed(note: Any) -> Tally | None:
    if not isinstance(note, dict):
        return None
    return Tally(
        upto=note["upto"],
        ended={
            (queue, status, verdict): number for queue, status, verdict, number in note["ended"]
        },
        retried=dict(note["retried"]),
        failed=dict(note["failed"]),
        steps={step: Spread(list(one[0]), one[1]) for step, one in note["steps"].items()},
    )
