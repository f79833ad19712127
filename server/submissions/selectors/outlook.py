"""When a waiting evaluation's turn comes, by the order in which workers take them."""

from collections import Counter
from datetime import datetime, timedelta

from server.clock import database_now
from server.submissions.models import Evaluation, Status
from server.submissions.outlook import Outlook, outlook_make
from server.submissions.selectors.queue import may_judge, team_recent
from server.submissions.selectors.waiting import reason_of, server_of, silence_reason

# How long evaluations take is known from the latest of them.
LATELY = timedelta(days=1)
LATEST = 20


def queue_outlook(*, evaluation: Evaluation, at: datetime | None = None) -> Outlook | None:
    """Returns when an evaluation's turn comes; None if it doesn't wait.

    Of one whose worker fell silent it is only known why it doesn't go on.
    """
    if not evaluation.is_active:
        return None
    now = at or database_now()
    if evaluation.status != Status.QUEUED:
        silence = silence_reason(evaluation=evaluation, at=now)
        return None if silence is None else Outlook(None, silence, None, "")
    server = server_of(evaluation=evaluation, at=now)
    position = _position(evaluation, server.queue, now)
    return outlook_make(
        position=position,
        reason=reason_of(evaluation=evaluation, server=server, at=now, position=position),
        workers=server.capacity.workers,
        slots=server.capacity.slots,
        free=server.capacity.free,
        mean_seconds=_mean_seconds(evaluation.queue, now),
        again_seconds=_again_seconds(evaluation, now) if server.capacity.only_left else None,
    )


def _position(evaluation: Evaluation, queue: str, now: datetime) -> int:
    """Its place in the order in which a worker would take all that wait, one after the other.

    Each that is taken puts the next of its team further back, as workers take them.
    """
    waiting = (
        Evaluation.objects.filter(may_judge(queue=queue, at=now), status=Status.QUEUED)
        .annotate(recent=team_recent(at=now))
        .order_by("behind", "queued_at", "id")
        .values_list("pk", "team_id", "behind", "recent", "queued_at")
    )
    taken: Counter[int] = Counter()
    keys = {}
    for pk, team, behind, recent, queued_at in waiting:
        keys[pk] = (behind, recent + taken[team], queued_at, pk)
        taken[team] += 1
    own = keys.get(evaluation.pk)
    # It may have been taken this moment.
    return 1 if own is None else 1 + sum(key < own for key in keys.values())


def _again_seconds(evaluation: Evaluation, now: datetime) -> float | None:
    """How long the worker that failed at it leaves it to others."""
    left = evaluation.left_until
    return None if left is None else (left - now).total_seconds()


def _mean_seconds(queue: str, now: datetime) -> float | None:
    """How long the latest evaluations of a queue took; None where none was judged lately."""
    latest = (
        Evaluation.objects.filter(queue=queue, status=Status.DONE, queued_at__gt=now - LATELY)
        .order_by("-queued_at")
        .values_list("started_at", "finished_at")[:LATEST]
    )
    took = [
        (finished - started).total_seconds()
        for started, finished in latest
        if started is not None and finished is not None
    ]
    return sum(took) / len(took) if took else None
