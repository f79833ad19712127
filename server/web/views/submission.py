"""Submissions: one's own list, and one submission with its progress."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from server.accounts.models import User
from server.competitions.selectors import competition_access, team_find
from server.refusals import Conflict, Forbidden
from server.submissions.models import Evaluation, Score, Status, Submission
from server.submissions.selectors import (
    SubmissionAccess,
    latest_evaluation,
    queue_position,
    quota_of,
    submission_access,
    submissions_of_competition,
    submissions_of_team,
    submissions_page,
)
from server.submissions.services import evaluation_cancel
from server.web.pages import person_page, render_in
from server.web.scores import primary_public, score_table
from server.web.views.competition import tab_page
from server.web.words import Words, evaluation_words

STAGES = ("unpack", "practice", "judged", "scoring")
TRACK = ("Waiting", "Unpacking", "Practice stage", "Judged stage", "Scoring")


@dataclass(frozen=True, slots=True)
class Step:
    """A step of an evaluation: done, now or to come."""

    title: str
    state: Literal["done", "now", "next"]


@dataclass(frozen=True, slots=True)
class Line:
    """A submission in a list."""

    submission: Submission
    evaluation: Evaluation
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


@require_safe
@person_page
def submission(request: HttpRequest, person: User, public_id: str) -> HttpResponse:
    """One submission."""
    access = submission_access(user=person, public_id=public_id)
    return render_in(_zone(access), request, "web/submission.html", _context(access))


@require_safe
@person_page
def status(request: HttpRequest, person: User, public_id: str) -> HttpResponse:
    """The part of a submission's page that changes, or 204 if it is as the page has it."""
    access = submission_access(user=person, public_id=public_id)
    context = _context(access)
    if request.GET.get("seen") == context["state"]:
        return HttpResponse(status=204)
    # Screen readers are told of steps, not of every line of the log.
    context["announce"] = request.GET.get("said") != context["said"]
    return render_in(_zone(access), request, "web/parts/status.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@person_page
def cancel(request: HttpRequest, person: User, public_id: str) -> HttpResponse:
    """Asks whether to cancel, and cancels on a POST."""
    access = submission_access(user=person, public_id=public_id)
    if request.method == "POST":
        try:
            evaluation_cancel(evaluation=access.evaluation)
        except Conflict as refusal:
            messages.warning(request, refusal.detail)
        return redirect("web:submission", public_id=public_id)
    return render(request, "web/cancel.html", _context(access))


def _zone(access: SubmissionAccess) -> ZoneInfo:
    return access.submission.competition.course.zone


def _context(access: SubmissionAccess) -> dict[str, Any]:
    submission, evaluation = access.submission, access.evaluation
    position = queue_position(evaluation=evaluation)
    return {
        "access": access,
        "submission": submission,
        "evaluation": evaluation,
        "competition": submission.competition,
        "task": evaluation.task_version,
        "words": evaluation_words(evaluation),
        "position": position,
        "table": score_table(access.scores, evaluation.task_version),
        "durations": [(s, evaluation.durations[s]) for s in STAGES if s in evaluation.durations],
        "steps": _track(evaluation),
        "state": _state(evaluation, position),
        "said": _digest(evaluation.status, evaluation.stage, position),
    }


def _track(evaluation: Evaluation) -> list[Step]:
    waits = evaluation.status == Status.QUEUED
    now = 0 if waits else 1 + STAGES.index(evaluation.stage or STAGES[0])
    return [
        Step(title, "done" if number < now else "now" if number == now else "next")
        for number, title in enumerate(TRACK)
    ]


def _state(evaluation: Evaluation, position: int | None) -> str:
    """Names what a page shows, so that a page that shows it already needs nothing new."""
    return _digest(
        evaluation.pk,
        evaluation.status,
        evaluation.stage,
        evaluation.attempt,
        evaluation.cancel_requested,
        position,
        evaluation.practice_log,
        evaluation.practice_log_dropped,
    )


def _digest(*values: object) -> str:
    return sha256(repr(values).encode()).hexdigest()[:16]


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
        evaluation=evaluation,
        words=evaluation_words(evaluation),
        score=primary_public(scores, submission.competition.task_version),
    )
