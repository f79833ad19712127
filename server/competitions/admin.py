"""Tasks, courses and teams for operators."""

from typing import Any

from django.contrib import admin
from django.db import transaction
from django.http import HttpRequest

from server.accounts.models import User
from server.competitions.models import (
    Announcement,
    TaskVersion,
    Team,
    TeamExtension,
    TeamMember,
)
from server.competitions.services import board_touch, team_rename
from server.courses.models import Course
from server.courses.services import course_add, course_edit, invite_code_change
from server.read_only_admin import ReadOnlyAdmin


@admin.register(TaskVersion)
class TaskVersionAdmin(ReadOnlyAdmin):
    """Registered tasks; `manage.py tasks load` adds to them."""

    list_display = ("slug", "title", "version", "data_version", "created")
    search_fields = ("slug", "title", "version")


@admin.register(Course)
class CourseAdmin(admin.ModelAdmin):
    """Courses; each change stands in their log.

    Here, since boards show some of a course.
    """

    list_display = ("slug", "title", "time_zone", "invite_code", "is_active")
    search_fields = ("slug", "title")

    def get_readonly_fields(
        self, request: HttpRequest, obj: Course | None = None
    ) -> tuple[str, ...]:
        """People's links and programs have its address."""
        return ("slug",) if obj else ()

    def save_model(self, request: Any, obj: Course, form: Any, change: bool) -> None:
        """Makes a course, or changes one."""
        with transaction.atomic():
            if change:
                _course_change(obj, request.user, form)
            else:
                course_add(course=obj, actor=request.user)


def _course_change(course: Course, actor: User, form: Any) -> None:
    changes = {name: form.cleaned_data[name] for name in form.changed_data}
    if not changes:
        return
    # Boards first, as for whoever ends an evaluation: the log's line locks the course's key.
    for competition_id in course.competitions.order_by("pk").values_list("pk", flat=True):
        board_touch(competition_id=competition_id)
    if code := changes.pop("invite_code", ""):
        invite_code_change(course=course, actor=actor, code=code)
    course_edit(course=course, actor=actor, changes=changes)


@admin.register(Team)
class TeamAdmin(admin.ModelAdmin):
    """Teams: their name may be put right."""

    list_display = ("name", "competition", "is_baseline", "created")
    list_filter = ("competition",)
    search_fields = ("name", "members__user__username")
    # Staff mark baselines on the board's page, where it is logged.
    readonly_fields = ("competition", "is_baseline")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A team is made with its first submission or extension."""
        return False

    def save_model(self, request: Any, obj: Team, form: object, change: bool) -> None:
        """Renames a team."""
        team_rename(team=obj, actor=request.user, name=obj.name)


@admin.register(TeamMember)
class TeamMemberAdmin(ReadOnlyAdmin):
    """Who is of a team."""

    list_display = ("team", "user", "competition")
    search_fields = ("user__username", "team__name")


@admin.register(TeamExtension)
class TeamExtensionAdmin(ReadOnlyAdmin):
    """Deadlines of single teams; given on the competition's pages, where they are logged."""

    list_display = ("team", "closes_at", "created")
    search_fields = ("team__name",)


@admin.register(Announcement)
class AnnouncementAdmin(ReadOnlyAdmin):
    """What staff told everyone; written on the competition's pages."""

    list_display = ("title", "competition", "author", "created", "edited")
    search_fields = ("title", "competition__slug")
