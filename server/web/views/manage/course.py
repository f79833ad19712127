"""A course's own pages: creating it, its overview, its settings, its invite code and its log."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from server.accounts.models import User
from server.competitions.selectors import competitions_of_course
from server.courses.models import By
from server.courses.selectors import course_access, course_creation_require, log_page
from server.courses.services import (
    course_cpu_fallback_set,
    course_found,
    invite_code_change,
)
from server.submissions.selectors import failures_shown
from server.web.manage_forms import CourseForm, CourseSettingsForm, time_zone_names
from server.web.pages import person_page, posted, render_in


@require_http_methods(["GET", "HEAD", "POST"])
@person_page
def create(request: HttpRequest, person: User) -> HttpResponse:
    """Creates a course; whoever does becomes its instructor."""
    course_creation_require(user=person)
    form = CourseForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            course = course_found(founder=person, **form.cleaned_data)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, "Your course is there. Hand out its invite link.")
            return redirect("manage:course", course=course.slug)
    context = {"form": form, "time_zones": time_zone_names()}
    status = 422 if form.errors else 200
    return render(request, "web/manage/create_course.html", context, status=status)


@require_safe
@person_page
def overview(request: HttpRequest, person: User, course: str) -> HttpResponse:
    """A course at a glance, for its staff."""
    access = course_access(user=person, slug=course)
    access.require_staff()
    link = reverse("web:join_by_link", args=[access.course.invite_code])
    context = {
        "access": access,
        "course": access.course,
        "tab": "course",
        "invite_link": request.build_absolute_uri(link),
        "competitions": list(competitions_of_course(course=access.course)),
        "failures": failures_shown(course=access.course),
        "now": timezone.now(),
    }
    return render_in(access.course.zone, request, "web/manage/course.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@person_page
def settings(request: HttpRequest, person: User, course: str) -> HttpResponse:
    """Changes what instructors decide about a course."""
    access = course_access(user=person, slug=course)
    access.require_instructor()
    form = CourseSettingsForm(posted(request), initial={"cpu_fallback": access.course.cpu_fallback})
    if request.method == "POST" and form.is_valid():
        course_cpu_fallback_set(access=access, **form.cleaned_data)
        messages.success(request, "The settings are saved.")
        return redirect("manage:course", course=course)
    context = {"access": access, "course": access.course, "tab": "course", "form": form}
    return render(request, "web/manage/course_settings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@person_page
def invite_code(request: HttpRequest, person: User, course: str) -> HttpResponse:
    """Asks whether to change the invite code, and changes it on a POST."""
    access = course_access(user=person, slug=course)
    access.require_staff()
    if request.method == "POST":
        invite_code_change(course=access.course, actor=person)
        messages.success(request, "The course has a new invite code; the old one opens nothing.")
        return redirect("manage:course", course=course)
    context = {"access": access, "course": access.course, "tab": "course"}
    return render(request, "web/manage/invite_code.html", context)


@require_safe
@person_page
def log(request: HttpRequest, person: User, course: str) -> HttpResponse:
    """What was done in the course, newest first."""
    access = course_access(user=person, slug=course)
    access.require_staff()
    cursor = request.GET.get("cursor") or None
    by = request.GET.get("by", "")
    if by not in By.values:
        by = ""
    context = {
        "access": access,
        "course": access.course,
        "tab": "log",
        "page": log_page(course=access.course, by=by, cursor=cursor),
        "by": by,
        "choices": [("", "all"), *By.choices],
        "cursor": cursor,
    }
    return render_in(access.course.zone, request, "web/manage/log.html", context)
