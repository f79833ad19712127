"""The wall: a competition's board for a whole room, which keeps itself up to date."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from server.competitions.selectors import competition_access
from server.leaderboards.wall import wall_of
from server.web.pages import page, render_in
from server.web.unchanged import board_etag, unchanged


@require_safe
@page
def short(request: HttpRequest, slug: str) -> HttpResponse:
    """A short address of a competition, whether there is one or not."""
    return redirect("web:competition", slug=slug)


@require_safe
@page
def wall(request: HttpRequest, slug: str) -> HttpResponse:
    """The wall; the same for everyone who may see the board."""
    access = competition_access(user=request.user, slug=slug)
    competition = access.competition
    etag = board_etag(competition, "wall")
    if answer := unchanged(request, etag):
        return answer
    now = timezone.now()
    context = {
        "competition": competition,
        "course": competition.course,
        "metric": competition.task_version.primary_metric,
        "wall": wall_of(competition=competition),
        "now": now,
        "is_open": competition.is_open(now),
        "has_begun": now >= competition.opens_at,
        "etag": etag,
    }
    part = bool(request.headers.get("HX-Request"))
    template = "web/parts/wall.html" if part else "web/wall.html"
    response = render_in(competition.course.zone, request, template, context)
    response.headers["ETag"] = etag
    return response
