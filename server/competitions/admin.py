"""Tasks, competitions and teams for operators."""

from django.contrib import admin

from server.competitions.models import Competition, TaskVersion, Team, TeamMember
from server.read_only_admin import ReadOnlyAdmin


@admin.register(TaskVersion)
class TaskVersionAdmin(ReadOnlyAdmin):
    """Registered tasks; `manage.py tasks sync` adds to them."""

    list_display = ("slug", "title", "version", "data_version", "created")
    search_fields = ("slug", "title", "version")


@admin.register(Competition)
class CompetitionAdmin(admin.ModelAdmin):
    """Competitions."""

    list_display = ("slug", "title", "course", "opens_at", "closes_at", "visibility")
    list_filter = ("course", "visibility")
    search_fields = ("slug", "title")


@admin.register(Team)
class TeamAdmin(admin.ModelAdmin):
    """Teams: their name may be put right."""

    list_display = ("name", "competition", "created")
    list_filter = ("competition",)
    search_fields = ("name", "members__user__username")
    readonly_fields = ("competition",)


@admin.register(TeamMember)
class TeamMemberAdmin(ReadOnlyAdmin):
    """Who is of a team."""

    list_display = ("team", "user", "competition")
    search_fields = ("user__username", "team__name")
