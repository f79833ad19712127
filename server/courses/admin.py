"""Members of courses, and what was done, for operators."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from server.courses.models import LoggedAction, Membership, Role
from server.courses.services import operator_member_remove, operator_member_set
from server.read_only_admin import ReadOnlyAdmin


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin):
    """Who belongs to a course, as what; each change stands in the course's log."""

    list_display = ("course", "user", "role", "created")
    list_filter = ("role", "course")
    search_fields = ("user__username", "course__slug")
    autocomplete_fields = ("course", "user")

    def get_readonly_fields(
        self, request: HttpRequest, obj: Membership | None = None
    ) -> tuple[str, ...]:
        """A membership stays one person's in one course; only the role changes."""
        return ("course", "user") if obj else ()

    def save_model(self, request: Any, obj: Membership, form: object, change: bool) -> None:
        """Makes somebody a member, or changes what they are."""
        obj.pk = operator_member_set(
            course=obj.course, user=obj.user, role=Role(obj.role), actor=request.user
        ).pk

    def delete_model(self, request: Any, obj: Membership) -> None:
        """Removes a member."""
        operator_member_remove(member=obj, actor=request.user)

    def delete_queryset(self, request: Any, queryset: QuerySet[Membership]) -> None:
        """Removes members."""
        for member in queryset.select_related("course"):
            operator_member_remove(member=member, actor=request.user)


@admin.register(LoggedAction)
class LoggedActionAdmin(ReadOnlyAdmin):
    """What was done in a course."""

    list_display = ("course", "at", "by", "actor", "action", "subject")
    list_filter = ("by", "action", "course")
    list_select_related = ("course", "actor")
    search_fields = ("subject", "actor__username")
