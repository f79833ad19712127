"""Submitting a model through a form."""

from datetime import datetime
from hashlib import sha256

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from server.accounts.models import User
from server.competitions.selectors import Access, competition_access, team_find
from server.ids import public_id
from server.refusals import Refusal, Unprocessable
from server.submissions.models import Submission
from server.submissions.selectors import quota_of
from server.submissions.services import submission_create
from server.submissions.storage import upload_store
from server.submissions.uploads import FIELD, ArtifactUploadHandler, upload_limits
from server.web.forms import SubmitForm
from server.web.pages import person_page
from server.web.views.competition import tab_page


@csrf_exempt  # `_receive` checks it: the middleware would read the upload before it has a limit.
@require_http_methods(["GET", "HEAD", "POST"])
@person_page
def submit(request: HttpRequest, person: User, slug: str) -> HttpResponse:
    """Shows the form with what is left of the day's limits, and takes a submission in."""
    received_at = timezone.now()
    access = competition_access(user=person, slug=slug)
    access.require_member()
    if request.method != "POST":
        return _page(request, person, access, SubmitForm(initial={"key": public_id()}))
    uploads = upload_limits(
        request, limit_mb=access.competition.task_version.parsed.limits.artifact_mb
    )
    uploads.check_announced(request.META.get("CONTENT_LENGTH"))
    return _receive(request, person, access, uploads, received_at)


@csrf_protect
def _receive(
    request: HttpRequest,
    person: User,
    access: Access,
    uploads: ArtifactUploadHandler,
    received_at: datetime,
) -> HttpResponse:
    form = SubmitForm(request.POST)
    refusal: Refusal | None = None
    try:
        if form.is_valid():
            submission = _create(request, person, access, form, uploads, received_at)
            return redirect("web:submission", public_id=submission.public_id)
    except Refusal as error:
        refusal = error
    except ValidationError as error:
        form.refuse(error)
    return _page(request, person, access, form, refusal)


def _create(
    request: HttpRequest,
    person: User,
    access: Access,
    form: SubmitForm,
    uploads: ArtifactUploadHandler,
    received_at: datetime,
) -> Submission:
    file = request.FILES.get(FIELD)
    if uploads.refused is not None:
        raise uploads.refused
    if file is None:
        raise Unprocessable("Choose a file: a zip with model.py in it, or one model file.")
    if not file.size:
        raise Unprocessable("The file is empty. Build it again, and check that it has a size.")
    upload = upload_store(file=file)
    # A second click on the button is the same submission; another file on the same page is not.
    message = form.cleaned_data["message"]
    created = submission_create(
        user=person,
        competition=access.competition,
        upload=upload,
        received_at=received_at,
        message=message,
        idempotency_key=_key(form.cleaned_data["key"], upload.sha256, message),
    )
    return created.submission


def _key(page: str, *content: str) -> str:
    digest = sha256("\n".join(content).encode()).hexdigest()
    return f"page-{page}-{digest}" if page else ""


def _page(
    request: HttpRequest,
    person: User,
    access: Access,
    form: SubmitForm,
    refusal: Refusal | None = None,
) -> HttpResponse:
    competition = access.competition
    team = team_find(user=person, competition=competition)
    context = {
        "form": form,
        "refusal": refusal,
        "quota": quota_of(competition=competition, team=team, at=timezone.now()),
    }
    status = refusal.status if refusal else 422 if form.errors else 200
    return tab_page(request, access, "submit", context, status=status)
