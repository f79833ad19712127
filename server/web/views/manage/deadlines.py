"""Extending the deadline, for all or for one team."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from server.accounts.models import User
from server.competitions.selectors import Access, extensions_of
from server.competitions.services import (
    CompetitionChanges,
    competition_edit,
    extension_give,
    extension_withdraw,
)
from server.refusals import Unprocessable
from server.submissions.selectors import failures_shown
from server.web.manage_forms import DeadlineForm, ExtensionForm, local_text
from server.web.pages import person_page
from server.web.views.competition import tab_page
from server.web.views.manage.competition import staff_access


@require_POST
@person_page
def for_all(request: HttpRequest, person: User, slug: str) -> HttpResponse:
    """Moves the deadline for all."""
    access = staff_access(person, slug)
    form = DeadlineForm(request.POST, zone=access.competition.course.zone)
    if form.is_valid():
        changes = CompetitionChanges(closes_at=form.cleaned_data["closes_at"])
        try:
            competition_edit(competition=access.competition, actor=person, changes=changes)
        except ValidationError as error:
            form.add_error("closes_at", error.messages)
        else:
            messages.success(request, " ".join(["The deadline for all is moved.", *form.notes]))
            return redirect("manage:competition", slug=slug)
    return _again(request, access, deadline_form=form)


@require_POST
@person_page
def for_team(request: HttpRequest, person: User, slug: str) -> HttpResponse:
    """Gives one team a deadline of its own."""
    access = staff_access(person, slug)
    form = ExtensionForm(request.POST, zone=access.competition.course.zone)
    if form.is_valid():
        try:
            extension = extension_give(
                competition=access.competition,
                actor=person,
                who=form.cleaned_data["team"],
                closes_at=form.cleaned_data["closes_at"],
            )
        except Unprocessable as refusal:
            form.add_error(None, refusal.detail)
        else:
            said = f"{extension.team.name} has a deadline of its own."
            messages.success(request, " ".join([said, *form.notes]))
            return redirect("manage:competition", slug=slug)
    return _again(request, access, extension_form=form)


@require_POST
@person_page
def withdraw(request: HttpRequest, person: User, slug: str, extension_id: int) -> HttpResponse:
    """Takes a team's own deadline back."""
    access = staff_access(person, slug)
    extension_withdraw(competition=access.competition, actor=person, extension_id=extension_id)
    messages.success(request, "The extension is withdrawn: the deadline for all holds again.")
    return redirect("manage:competition", slug=slug)


def _again(
    request: HttpRequest,
    access: Access,
    *,
    deadline_form: DeadlineForm | None = None,
    extension_form: ExtensionForm | None = None,
) -> HttpResponse:
    competition = access.competition
    zone = competition.course.zone
    initial = {"closes_at": local_text(competition.closes_at, zone)}
    context = {
        "failures": failures_shown(course=competition.course, competition=competition),
        "extensions": extensions_of(competition=competition),
        "deadline_form": deadline_form or DeadlineForm(zone=zone, initial=initial),
        "extension_form": extension_form or ExtensionForm(zone=zone),
        "form": deadline_form or extension_form,
    }
    return tab_page(request, access, "manage", context, status=422)
