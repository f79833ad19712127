"""The list of one's own submissions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from server.accounts.models import User
from server.clock import database_now
from server.competitions.selectors import competition_access, team_find
from server.submissions.models import Score, Submission
from server.submissions.selectors import (
    latest_evaluation,
    quota_of,
    silence_reason,
    submissions_of_team,
    submissions_page,
)
from server.web.pages import person_page
from server.web.scores import primary_public
from server.web.views.competition import tab_page
from server.web.words import Words, evaluation_words


@dataclass(frozen=True, slots=True)
class Line:
    """A submission in a list.

    Attributes:
        too_good: whether it scored suspiciously well; only the staff's list tells.
    """

    submission: Submission
    words: Words
    score: Score | None
    too_good: bool


@require_safe
@person_page
def mine(request: HttpRequest, person: User, slug: str) -> HttpResponse:
    """The submissions of one's team, newest first."""
    access = competition_access(user=person, slug=slug)
    access.require_member()
    team = team_find(user=person, competition=access.competition)
    quota = quota_of(competition=access.competition, team=team, at=timezone.now())
    listed = _listed(request, submissions_of_team(team=team))
    return tab_page(request, access, "submissions", listed | {"quota": quota, "team": team})


def _listed(request: HttpRequest, submissions: QuerySet[Submission]) -> dict[str, Any]:
    cursor = request.GET.get("cursor") or None
    found = submissions_page(submissions=submissions, cursor=cursor)
    return {
        "lines": lines_of(found.rows),
        "next_cursor": found.next_cursor,
        "cursor": cursor,
    }


def lines_of(submissions: Iterable[Submission]) -> list[Line]:
    """What a list shows of submissions, whose latest evaluations are loaded."""
    now = database_now()
    return [_line_of(submission, now) for submission in submissions]


def _line_of(submission: Submission, now: datetime) -> Line:
    evaluation = latest_evaluation(submission)
    scores = list(evaluation.scores.all())
    return Line(
        submission=submission,
        words=evaluation_words(evaluation, silence_reason(evaluation=evaluation, at=now)),
        score=primary_public(scores, submission.competition.task_version),
        too_good=evaluation.too_good,
    )
