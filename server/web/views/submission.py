"""One submission, with its progress."""

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from evaluators.diagnostics import LEAST_UNITS
from server.accounts.models import User
from server.refusals import Conflict
from server.submissions.attempts import attempt_note
from server.submissions.selectors import (
    SubmissionAccess,
    diagnostics_of,
    queue_outlook,
    submission_access,
)
from server.submissions.services import evaluation_cancel
from server.web.diagnostics import figures_of
from server.web.pages import person_page, render_in
from server.web.progress import durations_of, state_of, step_of, steps_of
from server.web.scores import score_table
from server.web.words import evaluation_words


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
            evaluation_cancel(evaluation=access.evaluation, by=person)
        except Conflict as refusal:
            messages.warning(request, refusal.detail)
        return redirect("web:submission", public_id=public_id)
    return render(request, "web/cancel.html", _context(access))


def _zone(access: SubmissionAccess) -> ZoneInfo:
    return access.submission.competition.course.zone


def _context(access: SubmissionAccess) -> dict[str, Any]:
    submission, evaluation = access.submission, access.evaluation
    outlook = queue_outlook(evaluation=evaluation)
    return {
        "access": access,
        "submission": submission,
        "evaluation": evaluation,
        "competition": submission.competition,
        "task": evaluation.task_version,
        "words": evaluation_words(evaluation, outlook.reason if outlook else None),
        "outlook": outlook,
        "attempt_note": attempt_note(evaluation),
        "table": score_table(access.scores, evaluation.task_version),
        "least_units": LEAST_UNITS,
        "figures": figures_of(diagnostics_of(access=access)),
        "usage": access.usage,
        "durations": durations_of(access),
        "steps": steps_of(evaluation, outlook),
        "state": state_of(evaluation, outlook),
        "said": step_of(evaluation, outlook),
    }
