"""What a competition is: overview, data and kit."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from server.competitions.client_package import client_wheel
from server.competitions.selectors import Access, competition_access
from server.web.markdown import markdown_render
from server.web.pages import page, person_of, render_in


@require_safe
@page
def overview(request: HttpRequest, slug: str) -> HttpResponse:
    """What is asked, as the task's author describes it."""
    access = competition_access(user=request.user, slug=slug)
    text = markdown_render(access.competition.task_version.description)
    return tab_page(request, access, "overview", {"text": text})


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
    shared = {
        "access": access,
        "competition": competition,
        "course": competition.course,
        "task": competition.task_version,
        "spec": competition.task_version.parsed,
        "metric": competition.task_version.primary_metric,
        "person": person_of(request),
        "tab": tab,
        "is_open": competition.is_open(now),
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
