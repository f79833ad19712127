"""What a competition is: overview, data and kit."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from server.competitions.client_package import client_wheel
from server.competitions.models import Announcement
from server.competitions.selectors import (
    Access,
    announcements_of,
    competition_access,
    deadline_of,
    team_find,
)
from server.submissions.models import Queue, queue_of
from server.submissions.selectors import capacity_of, submissions_of_team
from server.web.markdown import markdown_render
from server.web.pages import page, person_of, render_in


@dataclass(frozen=True, slots=True)
class AnnouncementText:
    """An announcement and its text as HTML."""

    row: Announcement
    text: SafeString


@require_safe
@page
def overview(request: HttpRequest, slug: str) -> HttpResponse:
    """What is asked, as the task's author describes it."""
    access = competition_access(user=request.user, slug=slug)
    text = markdown_render(access.competition.task_version.description)
    announcements = [
        AnnouncementText(row, markdown_render(row.text))
        for row in announcements_of(competition=access.competition)
    ]
    team = team_find(user=request.user, competition=access.competition)
    first_steps = (
        access.is_member
        and access.competition.is_open(timezone.now())
        and not submissions_of_team(team=team).exists()
    )
    on_gpus = queue_of(access.competition.task_version.parsed) == Queue.GPU
    context = {
        "text": text,
        "announcements": announcements,
        "first_steps": first_steps,
        "gpus": capacity_of(queue=Queue.GPU) if on_gpus else None,
    }
    return tab_page(request, access, "overview", context)


@require_safe
@page
def data(request: HttpRequest, slug: str) -> HttpResponse:
    """What goes in and comes out, where the data comes from, and the data itself."""
    access = competition_access(user=request.user, slug=slug)
    return tab_page(request, access, "data", {})


@require_safe
@page
def kit(request: HttpRequest, slug: str) -> HttpResponse:
    """The three steps from the download to a submission."""
    access = competition_access(user=request.user, slug=slug)
    server = request.build_absolute_uri("/").rstrip("/")
    wheel = reverse("web:client", args=[client_wheel().name])
    return tab_page(request, access, "kit", {"server": server, "wheel": server + wheel})


def tab_page(
    request: HttpRequest, access: Access, tab: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Renders a tab of a competition, in its course's time zone."""
    competition = access.competition
    now = timezone.now()
    person = person_of(request)
    team = team_find(user=person, competition=competition) if person else None
    closes_at = deadline_of(competition=competition, team=team)
    shared = {
        "access": access,
        "competition": competition,
        "course": competition.course,
        "task": competition.task_version,
        "spec": competition.task_version.parsed,
        "metric": competition.task_version.primary_metric,
        "person": person,
        "closes_at": closes_at,
        "tab": tab,
        "is_open": competition.opens_at <= now < closes_at,
        "has_begun": now >= competition.opens_at,
        "may_download": access.is_member and (now >= competition.opens_at or access.is_staff),
    }
    return render_in(
        competition.course.zone,
        request,
        f"web/competition/{tab}.html",
        shared | context,
        status=status,
    )
