"""Courses and their members for operators."""

from django.contrib import admin

from server.courses.models import Course, LoggedAction, Membership
from server.read_only_admin import ReadOnlyAdmin


@admin.register(Course)
class CourseAdmin(admin.ModelAdmin):
    """Courses."""

    list_display = ("slug", "title", "time_zone", "invite_code", "is_active")
    search_fields = ("slug", "title")


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin):
    """Who belongs to a course, as what."""

    list_display = ("course", "user", "role", "created")
    list_filter = ("role", "course")
    search_fields = ("user__username", "course__slug")
    autocomplete_fields = ("course", "user")


@admin.register(LoggedAction)
class LoggedActionAdmin(ReadOnlyAdmin):
    """What was done in a course."""

    list_display = ("course", "at", "by", "actor", "action", "subject")
    list_filter = ("by", "action", "course")
    list_select_related = ("course", "actor")
    search_fields = ("subject", "actor__username")
