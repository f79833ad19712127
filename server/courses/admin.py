"""Courses and their members for operators."""

from django.contrib import admin

from server.courses.models import Course, Membership


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
