"""Lists of submissions: one's own, and everybody's."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from server.accounts.models import User
from server.competitions.selectors import competition_access, team_find
from server.refusals import Forbidden
from server.submissions.models import Score, Submission
from server.submissions.selectors import (
    latest_evaluation,
    quota_of,
    submissions_of_competition,
    submissions_of_team,
    submissions_page,
)
from server.web.pages import person_page
from server.web.scores import primary_public
from server.web.views.competition import tab_page
from server.web.words import Words, evaluation_words


@dataclass(frozen=True, slots=True)
class Line:
    """A submission in a list."""

    submission: Submission
    words: Words
    score: Score | None


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


@require_safe
@person_page
def everybodys(request: HttpRequest, person: User, slug: str) -> HttpResponse:
    """All submissions of a competition, newest first, for the course's staff."""
    access = competition_access(user=person, slug=slug)
    if not access.is_staff:
        raise Forbidden("Only the assistants and instructors of the course see all submissions.")
    submissions = submissions_of_competition(competition=access.competition)
    return tab_page(request, access, "everybodys", _listed(request, submissions))


def _listed(request: HttpRequest, submissions: QuerySet[Submission]) -> dict[str, Any]:
    cursor = request.GET.get("cursor") or None
    found = submissions_page(submissions=submissions, cursor=cursor)
    return {
        "lines": [_line(submission) for submission in found.rows],
        "next_cursor": found.next_cursor,
        "cursor": cursor,
    }


def _line(submission: Submission) -> Line:
    evaluation = latest_evaluation(submission)
    scores = list(evaluation.scores.all())
    return Line(
        submission=submission,
        words=evaluation_words(evaluation),
        score=primary_public(scores, submission.competition.task_version),
    )
