from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from server.accounts.models import User
from server.accounts.throttles import invite_code_tried
from server.competitions.selectors import competitions_of_course
from server.courses.models import Membership
from server.courses.services import course_join
from server.refusals import Unprocessable
from server.web.forms import JoinForm
from server.web.pages import page, person_of, person_page, posted


@require_http_methods(["GET", "HEAD", "POST"])
@person_page
def join(request: HttpRequest, person: User) -> HttpResponse:
    """Joins a course by an invite code that somebody types in."""
    form = JoinForm(posted(request))
    if request.method == "POST" and form.is_valid():
        invite_code_tried(request, person)
        try:
            membership = course_join(user=person, invite_code=form.cleaned_data["invite_code"])
        except Unprocessable as refusal:
            form.add_error("invite_code", refusal.detail)
        else:
            return _welcome(request, membership)
    return render(request, "web/join.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def join_by_link(request: HttpRequest, code: str) -> HttpResponse:
    """Joins a course by an invite link: first an account, then one button.

    A GET changes nothing: previews of a link in a chat must not join anyone.
    """
    person = person_of(request)
    if person is None:
        return render(request, "web/join_by_link.html", {"code": code})
    if request.method == "POST":
        invite_code_tried(request, person)
        return _welcome(request, course_join(user=person, invite_code=code))
    return render(request, "web/join.html", {"form": JoinForm(initial={"invite_code": code})})


def _welcome(request: HttpRequest, membership: Membership) -> HttpResponse:
    course = membership.course
    messages.success(request, f"You are now in {course.title}.")
    competition = competitions_of_course(course=course).first()
    if competition is None:
        return redirect("web:home")
    return redirect("web:competition", slug=competition.slug)
