"""Having judged again what could not be judged."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from server.accounts.models import User
from server.refusals import Conflict
from server.submissions.selectors import SubmissionAccess, submission_access
from server.submissions.services import evaluation_again, evaluations_again
from server.web.pages import person_page
from server.web.views.manage.competition import staff_access


@require_POST
@person_page
def again(request: HttpRequest, person: User, public_id: str) -> HttpResponse:
    """Has one submission judged again, and leads back to where its button is."""
    access = submission_access(user=person, public_id=public_id)
    access.require_staff()
    try:
        evaluation_again(submission=access.submission, by=person)
    except Conflict as refusal:
        messages.warning(request, refusal.detail)
    else:
        messages.success(request, "The submission waits to be judged again, behind all others.")
    return _back(request, access)


@require_POST
@person_page
def all_again(request: HttpRequest, person: User, slug: str) -> HttpResponse:
    """Has all judged again that failed in a competition."""
    access = staff_access(person, slug)
    number = evaluations_again(competition=access.competition, by=person)
    if number:
        what = "1 submission waits" if number == 1 else f"{number} submissions wait"
        messages.success(request, f"{what} to be judged again, behind all others.")
    else:
        messages.warning(request, "Nothing is left that could not be judged.")
    return redirect("manage:competition", slug=slug)


def _back(request: HttpRequest, access: SubmissionAccess) -> HttpResponse:
    competition = access.submission.competition
    match request.POST.get("back"):
        case "course":
            return redirect("manage:course", course=competition.course.slug)
        case "competition":
            return redirect("manage:competition", slug=competition.slug)
        case _:
            return redirect("web:submission", public_id=access.submission.public_id)
