"""Opening a competition and managing it."""

from dataclasses import fields
from hashlib import sha256

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from server.accounts.models import User
from server.competitions.models import Competition
from server.competitions.selectors import Access, competition_access, extensions_of
from server.competitions.services import (
    CompetitionChanges,
    CompetitionSettings,
    competition_edit,
    competition_open,
)
from server.courses.selectors import course_access
from server.submissions.selectors import failures_shown
from server.web.manage_forms import (
    DeadlineForm,
    ExtensionForm,
    OpenForm,
    SettingsForm,
    local_text,
    settings_initial,
)
from server.web.pages import person_page, posted, render_in
from server.web.views.competition import tab_page

CHANGED_MEANWHILE = (
    "Somebody changed these settings while you had them open, so yours were not saved. Compare "
    "them with the Manage page, and save again to put yours in their place."
)


def staff_access(person: User, slug: str) -> Access:
    """Returns a competition for a member of its course's staff.

    Raises:
        NotFound: the person may not know of it.
        Forbidden: the person is not of the staff.
    """
    access = competition_access(user=person, slug=slug)
    access.require_staff()
    return access


@require_http_methods(["GET", "HEAD", "POST"])
@person_page
def open_new(request: HttpRequest, person: User, course: str) -> HttpResponse:
    """Opens a competition in a course, for its staff."""
    access = course_access(user=person, slug=course)
    access.require_staff()
    form = OpenForm(posted(request), zone=access.course.zone)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        version, slug = form.tasks[values.pop("task")], values.pop("slug")
        try:
            competition = competition_open(
                course=access.course,
                actor=person,
                task_version=version,
                slug=slug,
                settings=CompetitionSettings(**values),
            )
        except ValidationError as error:
            form.refuse(error)
        else:
            _tell(request, f"{competition.title} is set up.", form.notes)
            return redirect("manage:competition", slug=competition.slug)
    context = {"access": access, "course": access.course, "form": form, "tab": "course"}
    status = 422 if form.errors else 200
    return render_in(access.course.zone, request, "web/manage/open.html", context, status=status)


@require_safe
@person_page
def manage(request: HttpRequest, person: User, slug: str) -> HttpResponse:
    """A competition at a glance, with all that its staff can do."""
    access = staff_access(person, slug)
    competition = access.competition
    context = {
        "failures": failures_shown(course=competition.course, competition=competition),
        "extensions": extensions_of(competition=competition),
        "deadline_form": DeadlineForm(
            zone=competition.course.zone,
            initial={"closes_at": local_text(competition.closes_at, competition.course.zone)},
        ),
        "extension_form": ExtensionForm(zone=competition.course.zone),
    }
    return tab_page(request, access, "manage", context)


@require_http_methods(["GET", "HEAD", "POST"])
@person_page
def edit(request: HttpRequest, person: User, slug: str) -> HttpResponse:
    """Changes a competition's settings."""
    access = staff_access(person, slug)
    competition = access.competition
    form = SettingsForm(
        posted(request), zone=competition.course.zone, initial=settings_initial(competition)
    )
    if request.method == "POST" and form.is_valid():
        if request.POST.get("seen") != _seen(competition):
            form.add_error(None, CHANGED_MEANWHILE)
        elif (response := _save(request, person, access, form)) is not None:
            return response
    context = {"form": form, "seen": _seen(competition)}
    status = 422 if form.errors else 200
    return tab_page(request, access, "manage_edit", context, status=status)


def _save(
    request: HttpRequest, person: User, access: Access, form: SettingsForm
) -> HttpResponse | None:
    competition = access.competition
    # A local time that comes twice reads the same for both moments: what was not touched stays.
    values = {name: form.cleaned_data[name] for name in form.changed_data}
    try:
        competition_edit(
            competition=competition, actor=person, changes=CompetitionChanges(**values)
        )
    except ValidationError as error:
        form.refuse(error)
        return None
    _tell(request, "The settings are saved.", form.notes)
    return redirect("manage:competition", slug=competition.slug)


def _tell(request: HttpRequest, text: str, notes: list[str]) -> None:
    messages.success(request, " ".join([text, *notes]))


def _seen(competition: Competition) -> str:
    """Names the settings that a form was filled in with."""
    values = [getattr(competition, field.name) for field in fields(CompetitionSettings)]
    return sha256(repr(values).encode()).hexdigest()[:16]
