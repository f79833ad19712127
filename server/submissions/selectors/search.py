"""All submissions of a competition, narrowed down as its course's staff ask."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from server.competitions.models import Competition
from server.courses.local_times import FIRST_YEAR, LAST_YEAR
from server.plain_text import plain_text
from server.submissions.models import Evaluation, Submission
from server.submissions.selectors.access import submissions_of_competition

SEARCH_LENGTH = 100
# Of a digest, at least so many digits: fewer are found in words, and tell nothing.
DIGEST_DIGITS = 6
HEX = frozenset("0123456789abcdef")


@dataclass(frozen=True, slots=True)
class SubmissionFilter:
    """Which submissions to list; what is empty does not narrow.

    Attributes:
        status: of the latest evaluation, a value of `Status`.
        verdict: of the latest evaluation, a value of `Verdict`.
        team: a team's name.
        day: a day of the course's time zone.
        search: a part of the team's or author's name, the message or the filename; or the
            beginning of a digest, or an id.
        too_good: only those that scored suspiciously well.
    """

    status: str = ""
    verdict: str = ""
    team: str = ""
    day: date | None = None
    search: str = ""
    too_good: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether it lets all through."""
        return self == SubmissionFilter()


def submissions_filtered(
    *, competition: Competition, wanted: SubmissionFilter
) -> QuerySet[Submission]:
    """A competition's submissions that a filter lets through, newest first."""
    submissions = submissions_of_competition(competition=competition)
    if wanted.status or wanted.verdict or wanted.too_good:
        latest = Evaluation.objects.filter(submission=OuterRef("pk")).order_by("-id")
        submissions = submissions.annotate(
            latest_status=Subquery(latest.values("status")[:1]),
            latest_verdict=Subquery(latest.values("verdict")[:1]),
            latest_too_good=Subquery(latest.values("too_good")[:1]),
        )
    if wanted.status:
        submissions = submissions.filter(Q(latest_status=wanted.status))
    if wanted.verdict:
        submissions = submissions.filter(Q(latest_verdict=wanted.verdict))
    if wanted.too_good:
        submissions = submissions.filter(Q(latest_too_good=True))
    if wanted.team:
        submissions = submissions.filter(team__name=plain_text(wanted.team, limit=SEARCH_LENGTH))
    if wanted.day and not FIRST_YEAR <= wanted.day.year < LAST_YEAR:
        return submissions.none()
    if wanted.day:
        start, end = _day(wanted.day, competition.course.zone)
        submissions = submissions.filter(received_at__gte=start, received_at__lt=end)
    if text := plain_text(wanted.search.strip(), limit=SEARCH_LENGTH):
        submissions = submissions.filter(_found(text))
    return submissions


def _found(text: str) -> Q:
    found = (
        Q(team__name__icontains=text)
        | Q(author__username__icontains=text)
        | Q(author__display_name__icontains=text)
        | Q(message__icontains=text)
        | Q(filename__icontains=text)
        | Q(public_id=text)
    )
    digest = text.lower()
    if len(digest) >= DIGEST_DIGITS and HEX.issuperset(digest):
        artifacts = Evaluation.objects.filter(
            submission=OuterRef("pk"), artifact__digest__startswith=digest
        )
        found |= Q(sha256__startswith=digest) | Q(Exists(artifacts))
    return found


def _day(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    start, end = (
        datetime.combine(each, time.min, tzinfo=zone).astimezone(UTC)
        for each in (day, day + timedelta(days=1))
    )
    return start, end
