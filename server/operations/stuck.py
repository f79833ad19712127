"""What neither moves nor will: evaluations beyond what lease, sweep and limits explain.

It must be nothing at all times; each kind tells of another part that does not do its work.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.db.models import Max, Q

from evaluators.spec import TaskSpec
from server.clock import database_now
from server.notes import note_read, note_write
from server.submissions.models import RUNNING, Evaluation, Queue, Worker
from server.submissions.selectors import worker_named, workers_shown
from server.submissions.selectors.queue import may_start

# Twice the sweep that should have made it good.
SWEEPS = 2
# A stage is ended after `wall_seconds`, and there are two; the rest is preparing and scoring.
STAGES = 3
SPARE = timedelta(minutes=10)
# A worker ends what is cancelled within two seconds.
CANCELLED = timedelta(seconds=10)
# Of what ended, the newest tell whether a queue moves: no more than these are looked at.
RECENT = 10_000


class Kind(StrEnum):
    """Why something is stuck."""

    LEASE_OVER = "lease over"
    CANCELLING = "cancelled, but runs"
    OVERDUE = "runs too long"
    NOT_TAKEN = "not taken"


@dataclass(frozen=True, slots=True)
class Stuck:
    """An evaluation that is stuck.

    Attributes:
        since: since when it should have moved.
    """

    pk: int
    public_id: str
    kind: Kind
    since: datetime


def stuck_find(*, at: datetime | None = None) -> list[Stuck]:
    """Returns all that is stuck, what is so for longest first."""
    now = at or database_now()
    found = [*_held(now), *_not_taken(now)]
    return sorted(found, key=lambda one: one.since)


def patience() -> timedelta:
    """How long the sweep may take to make something good."""
    return timedelta(seconds=SWEEPS * settings.SWEEP_SECONDS)


def _held(now: datetime) -> Iterator[Stuck]:
    """Taken by a worker, but its lease is over and no sweep gave it back; or it never ends."""
    rows = Evaluation.objects.filter(status__in=RUNNING).select_related("task_version")
    for one in rows.only(
        "public_id",
        "lease_until",
        "started_at",
        "cancel_requested",
        "attempt",
        "task_version__spec",
    ):
        if one.lease_until is None or one.started_at is None:
            continue  # it has ended meanwhile
        limits = TaskSpec.model_validate(one.task_version.spec).limits
        longest = one.started_at + STAGES * timedelta(seconds=limits.wall_seconds) + SPARE
        if one.lease_until + patience() < now:
            yield Stuck(one.pk, one.public_id, Kind.LEASE_OVER, one.lease_until)
        elif one.cancel_requested and _first_seen(one, now) + CANCELLED < now:
            yield Stuck(one.pk, one.public_id, Kind.CANCELLING, _first_seen(one, now))
        elif longest < now:
            yield Stuck(one.pk, one.public_id, Kind.OVERDUE, longest)


def _first_seen(evaluation: Evaluation, now: datetime) -> datetime:
    """When its cancelling was seen first: no row tells when it was asked for."""
    key = f"cancelling:{evaluation.pk}:{evaluation.attempt}"
    seen = note_read(key)
    if not isinstance(seen, float):
        seen = now.timestamp()
        note_write(key, seen, seconds=24 * 3600)
    return datetime.fromtimestamp(seen, UTC)


def _not_taken(now: datetime) -> Iterator[Stuck]:
    """Waits while a slot that could judge it has had nothing to do for longer than two sweeps."""
    shown = workers_shown(at=now)
    for queue in Queue:
        free = [one.worker for one in shown if one.worker.queue == queue and one.free]
        if not free:
            continue
        idle = max([min(worker.started_at for worker in free), *_moves(queue)])
        if idle + patience() >= now:
            continue
        waiting = may_start(queue, now).filter(queued_at__lt=now - patience())
        for one in waiting.only("public_id", "queued_at", "worker", "left_until"):
            since = max(idle, one.queued_at, min(_may_take(worker, one) for worker in free))
            if since + patience() < now:
                yield Stuck(one.pk, one.public_id, Kind.NOT_TAKEN, since)


def _may_take(worker: Worker, evaluation: Evaluation) -> datetime:
    """Since when a worker may take an evaluation: what it failed at it leaves to others a while."""
    if evaluation.left_until is None or worker_named(evaluation.worker) != worker.name:
        return worker.started_at
    return max(worker.started_at, evaluation.left_until)


def _moves(queue: Queue) -> Iterator[datetime]:
    """When something of a queue last began and ended."""
    newest = Evaluation.objects.aggregate(newest=Max("pk"))["newest"] or 0
    own = Q(queue=queue)
    # The queue is no condition of the rows: databases would take its index, and read all of it.
    for rows in (
        Evaluation.objects.filter(pk__gt=newest - RECENT),
        Evaluation.objects.filter(status__in=RUNNING),
    ):
        moved = rows.aggregate(
            began=Max("started_at", filter=own), ended=Max("finished_at", filter=own)
        )
        yield from (moment for moment in moved.values() if moment is not None)
