"""Who waits, and who is next."""

from datetime import datetime, timedelta

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from server.submissions.models import RUNNING, Evaluation, Status

FAIRNESS_WINDOW = timedelta(hours=1)


def waiting_next(*, queue: str, at: datetime) -> Evaluation | None:
    """Returns the fairest evaluation to judge now, or None.

    Of the teams of which none runs, first comes whose submissions were judged least in the last
    hour, then who waits longest.
    """
    recent = (
        Evaluation.objects.filter(team=OuterRef("team"), started_at__gt=at - FAIRNESS_WINDOW)
        .order_by()
        .values("team")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return (
        _may_start(queue)
        .annotate(recent=Coalesce(Subquery(recent, output_field=IntegerField()), 0))
        .order_by("recent", "queued_at", "id")
        .select_related("submission", "task_version")
        .first()
    )


def queues_waiting() -> dict[str, int]:
    """Returns how many teams could have an evaluation judged now, by queue."""
    rows = (
        Evaluation.objects.filter(status=Status.QUEUED)
        .filter(~_team_runs())
        .order_by()
        .values("queue")
        .annotate(teams=Count("team", distinct=True))
        .values_list("queue", "teams")
    )
    return dict(rows)


def queue_position(*, evaluation: Evaluation) -> int | None:
    """Returns a waiting evaluation's place by arrival, 1 for the first; None if it doesn't wait."""
    if evaluation.status != Status.QUEUED:
        return None
    before = Q(queued_at__lt=evaluation.queued_at) | Q(
        queued_at=evaluation.queued_at, id__lt=evaluation.pk
    )
    waiting = Evaluation.objects.filter(queue=evaluation.queue, status=Status.QUEUED)
    return waiting.filter(before).count() + 1


def _may_start(queue: str) -> QuerySet[Evaluation]:
    return Evaluation.objects.filter(queue=queue, status=Status.QUEUED).filter(~_team_runs())


def _team_runs() -> Exists:
    return Exists(Evaluation.objects.filter(team=OuterRef("team"), status__in=RUNNING))
