from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from server.competitions.models import Competition
from server.competitions.selectors import competitions_visible
from server.courses.selectors import course_creation_allowed, memberships_of
from server.web.pages import page, person_of


@require_safe
@page
def home(request: HttpRequest) -> HttpResponse:
    """The competitions that somebody may see: those of their courses, then public ones."""
    person = person_of(request)
    now = timezone.now()
    competitions = sorted(
        competitions_visible(user=request.user), key=lambda competition: _order(competition, now)
    )
    courses = {membership.course_id: membership for membership in memberships_of(user=request.user)}
    context = {
        "person": person,
        "may_create_course": person is not None and course_creation_allowed(user=person),
        "courses": [membership.course for membership in courses.values()],
        "mine": [each for each in competitions if each.course_id in courses],
        "others": [each for each in competitions if each.course_id not in courses],
        "now": now,
    }
    return render(request, "web/home.html", context)


def _order(competition: Competition, now: datetime) -> tuple[int, float]:
    """Open ones first, the most urgent on top; then what comes, then what is over."""
    if competition.is_open(now):
        return 0, competition.closes_at.timestamp()
    if now < competition.opens_at:
        return 1, competition.opens_at.timestamp()
    return 2, -competition.closes_at.timestamp()
