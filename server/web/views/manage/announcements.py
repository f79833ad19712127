"""Posting, changing and deleting announcements."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from server.accounts.models import User
from server.competitions.models import Announcement
from server.competitions.selectors import Access, announcement_get
from server.competitions.services import (
    announcement_delete,
    announcement_edit,
    announcement_post,
)
from server.web.manage_forms import AnnouncementForm
from server.web.pages import person_page, posted
from server.web.views.competition import tab_page
from server.web.views.manage.competition import staff_access


@require_http_methods(["GET", "HEAD", "POST"])
@person_page
def post(request: HttpRequest, person: User, slug: str) -> HttpResponse:
    """Tells everyone something on the competition's page."""
    access = staff_access(person, slug)
    form = AnnouncementForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            announcement_post(competition=access.competition, author=person, **form.cleaned_data)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, "The announcement is posted.")
            return redirect("web:competition", slug=slug)
    return _page(request, access, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
@person_page
def edit(request: HttpRequest, person: User, slug: str, announcement_id: int) -> HttpResponse:
    """Changes an announcement."""
    access = staff_access(person, slug)
    found = announcement_get(competition=access.competition, announcement_id=announcement_id)
    form = AnnouncementForm(posted(request), initial={"title": found.title, "text": found.text})
    if request.method == "POST" and form.is_valid():
        try:
            announcement_edit(announcement=found, actor=person, **form.cleaned_data)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, "The announcement is changed.")
            return redirect("web:competition", slug=slug)
    return _page(request, access, form, found)


@require_http_methods(["GET", "HEAD", "POST"])
@person_page
def delete(request: HttpRequest, person: User, slug: str, announcement_id: int) -> HttpResponse:
    """Asks whether to delete an announcement, and deletes it on a POST."""
    access = staff_access(person, slug)
    found = announcement_get(competition=access.competition, announcement_id=announcement_id)
    if request.method == "POST":
        announcement_delete(announcement=found, actor=person)
        messages.success(request, "The announcement is deleted.")
        return redirect("web:competition", slug=slug)
    return tab_page(request, access, "manage_delete_announcement", {"announcement": found})


def _page(
    request: HttpRequest, access: Access, form: AnnouncementForm, found: Announcement | None
) -> HttpResponse:
    status = 422 if form.errors else 200
    context = {"form": form, "announcement": found}
    return tab_page(request, access, "manage_announcement", context, status=status)
