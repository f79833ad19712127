"""How many submissions a team has left today."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, Q, QuerySet, Subquery

from evaluators.report import Stage
from evaluators.verdicts import Verdict
from server.competitions.models import Competition, Team
from server.submissions.models import ACTIVE, Evaluation, Status, Submission

# Charged: it waits or runs, it was scored, or it failed on the hidden inputs; or it was cancelled
# after it had begun. What is our or the task's fault is not charged, nor what never began.
_CHARGED = (
    Q(latest_status__in=ACTIVE)
    | Q(latest_status=Status.DONE, latest_verdict=Verdict.SCORED.value)
    | Q(latest_status=Status.DONE, latest_stage__in=[Stage.JUDGED.value, Stage.SCORING.value])
    | Q(latest_status=Status.CANCELLED, latest_started__isnull=False)
)
_INVALID = Q(latest_status=Status.DONE) & ~_CHARGED


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a time zone: from `start` up to, not including, `end`."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Quota:
    """What a team has used of a day's limits.

    Attributes:
        used: submissions that count against `limit`.
        invalid_used: submissions that count against `invalid_limit` only.
        resets_at: when the next day begins.
    """

    limit: int
    used: int
    invalid_limit: int
    invalid_used: int
    resets_at: datetime

    @property
    def left(self) -> int:
        """Submissions left today."""
        return max(0, self.limit - self.used) if self.invalid_used < self.invalid_limit else 0


def day_of(*, zone: ZoneInfo, at: datetime) -> Day:
    """Returns the local day of a time. Days have 23 or 25 hours when clocks change."""
    today = at.astimezone(zone).date()
    return Day(_midnight(today, zone), _midnight(today + timedelta(days=1), zone))


def quota_of(*, competition: Competition, team: Team | None, at: datetime) -> Quota:
    """Returns what a team has used of the day of a time; no team has used nothing."""
    day = day_of(zone=competition.course.zone, at=at)
    counted = {"used": 0, "invalid_used": 0}
    if team is not None:
        today = _with_latest(
            Submission.objects.filter(
                team=team, received_at__gte=day.start, received_at__lt=day.end
            )
        )
        counted["used"] = today.filter(_CHARGED).count()
        counted["invalid_used"] = today.filter(_INVALID).count()
    return Quota(
        limit=competition.daily_limit,
        invalid_limit=competition.invalid_daily_limit,
        resets_at=day.end,
        **counted,
    )


def _with_latest(submissions: QuerySet[Submission]) -> QuerySet[Submission]:
    # What staff have judged again neither costs nor gives back anything, whatever comes of it.
    latest = Evaluation.objects.filter(submission=OuterRef("pk"), behind=False).order_by("-id")
    return submissions.annotate(
        latest_status=Subquery(latest.values("status")[:1]),
        latest_verdict=Subquery(latest.values("verdict")[:1]),
        latest_stage=Subquery(latest.values("stage")[:1]),
        latest_started=Subquery(latest.values("started_at")[:1]),
    )


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)
