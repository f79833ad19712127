"""What waits and what runs, in few queries however much that is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q

from server.submissions.models import ACTIVE, Evaluation, Status

TOP = 10


@dataclass(frozen=True, slots=True)
class Depth:
    """How much of a queue is in one state, and since when the oldest of it waits for its end."""

    queue: str
    status: str
    number: int
    oldest: datetime


@dataclass(frozen=True, slots=True)
class Load:
    """What a competition has in the queues."""

    course: str
    competition: str
    slug: str
    waiting: int
    running: int
    oldest: datetime


def queue_depths() -> list[Depth]:
    """What has not ended, by queue and state."""
    rows = (
        Evaluation.objects.filter(status__in=ACTIVE)
        .order_by("queue", "status")
        .values("queue", "status")
        .annotate(number=Count("pk"), oldest=Min("queued_at"))
    )
    return [Depth(**row) for row in rows]


def queue_loads() -> list[Load]:
    """The competitions that have most in the queues."""
    competition = "submission__competition"
    rows = (
        Evaluation.objects.filter(status__in=ACTIVE)
        .values(f"{competition}__course__title", f"{competition}__title", f"{competition}__slug")
        .annotate(
            number=Count("pk"),
            waiting=Count("pk", filter=Q(status=Status.QUEUED)),
            oldest=Min("queued_at"),
        )
        .order_by("-number", f"{competition}__slug")[:TOP]
    )
    return [
        Load(
            course=row[f"{competition}__course__title"],
            competition=row[f"{competition}__title"],
            slug=row[f"{competition}__slug"],
            waiting=row["waiting"],
            running=row["number"] - row["waiting"],
            oldest=row["oldest"],
        )
        for row in rows
    ]


def tried_again() -> Sequence[Evaluation]:
    """Evaluations that were claimed before and have not ended, the most often tried first."""
    again = Q(attempt__gt=1) | Q(attempt=1, status=Status.QUEUED)
    rows = Evaluation.objects.filter(again, status__in=ACTIVE)
    wanted = rows.only("public_id", "status", "attempt", "failures")
    return list(wanted.order_by("-attempt", "pk")[:TOP])


def last_errors() -> Sequence[Evaluation]:
    """The evaluations that ended by our fault or the task's, the latest first."""
    rows = Evaluation.objects.filter(status=Status.ERROR).select_related("submission__competition")
    wanted = rows.only(
        "public_id", "message_code", "error", "finished_at", "submission__competition__title"
    )
    return list(wanted.order_by("-pk")[:TOP])
