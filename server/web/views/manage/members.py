"""The members of a course: who they are, what they are, and removing them."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from server.accounts.models import User
from server.courses.models import Role
from server.courses.selectors import course_access, member_get, members_page
from server.courses.services import invite_code_change, member_remove, member_role_change
from server.refusals import Conflict
from server.web.manage_forms import MembersSearch, RoleForm
from server.web.pages import person_page, posted, render_in


@require_safe
@person_page
def members(request: HttpRequest, person: User, course: str) -> HttpResponse:
    """Who belongs to the course, for its staff."""
    access = course_access(user=person, slug=course)
    access.require_staff()
    form = MembersSearch(request.GET)
    form.is_valid()
    wanted = {name: value for name, value in form.cleaned_data.items() if value}
    cursor = request.GET.get("cursor") or None
    context = {
        "access": access,
        "course": access.course,
        "tab": "members",
        "form": form,
        "page": members_page(course=access.course, cursor=cursor, **wanted),
        "cursor": cursor,
        "wanted": urlencode(wanted),
    }
    return render_in(access.course.zone, request, "web/manage/members.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@person_page
def remove(request: HttpRequest, person: User, course: str, member_id: int) -> HttpResponse:
    """Asks whether to remove a member, and removes them on a POST."""
    access = course_access(user=person, slug=course)
    if access.membership.pk != member_id:
        access.require_staff()
    member = member_get(course=access.course, member_id=member_id)
    if member.is_staff and access.membership.pk != member_id:
        access.require_instructor()
    if request.method == "POST":
        try:
            member_remove(access=access, member_id=member_id)
        except Conflict as refusal:
            messages.warning(request, refusal.detail)
            return redirect("manage:members", course=course)
        if access.membership.is_staff and request.POST.get("change_code"):
            invite_code_change(course=access.course, actor=person)
        messages.success(request, f"{member.user} is no longer in {access.course.title}.")
        if access.membership.pk == member_id:
            return redirect("web:home")
        return redirect("manage:members", course=course)
    context = {"access": access, "course": access.course, "member": member, "tab": "members"}
    return render(request, "web/manage/remove_member.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@person_page
def role(request: HttpRequest, person: User, course: str, member_id: int) -> HttpResponse:
    """Changes what a member is, for the course's instructors."""
    access = course_access(user=person, slug=course)
    access.require_instructor()
    member = member_get(course=access.course, member_id=member_id)
    form = RoleForm(posted(request), initial={"role": member.role})
    if request.method == "POST" and form.is_valid():
        new = Role(form.cleaned_data["role"])
        try:
            member_role_change(access=access, member_id=member_id, role=new)
        except Conflict as refusal:
            form.add_error("role", refusal.detail)
        else:
            messages.success(request, f"{member.user} is {new.label.lower()} now.")
            # Who has given up their own role may not see the list any more.
            gone = member.pk == access.membership.pk and new == Role.PARTICIPANT
            return redirect("web:home") if gone else redirect("manage:members", course=course)
    context = {"access": access, "course": access.course, "member": member, "form": form}
    status = 422 if form.errors else 200
    return render(request, "web/manage/role.html", context | {"tab": "members"}, status=status)
