from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from server.competitions.selectors import competitions_visible
from server.courses.selectors import memberships_of
from server.web.pages import page, person_of


@require_safe
@page
def home(request: HttpRequest) -> HttpResponse:
    """The competitions that somebody may see: those of their courses, then public ones."""
    person = person_of(request)
    competitions = list(competitions_visible(user=request.user))
    courses = {membership.course_id: membership for membership in memberships_of(user=request.user)}
    context = {
        "person": person,
        "courses": [membership.course for membership in courses.values()],
        "mine": [each for each in competitions if each.course_id in courses],
        "others": [each for each in competitions if each.course_id not in courses],
        "now": timezone.now(),
    }
    return render(request, "web/home.html", context)
