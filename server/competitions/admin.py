"""Tasks, competitions and teams for operators."""

from django.contrib import admin
from django.db import transaction
from django.http import HttpRequest

from server.competitions.models import (
    Announcement,
    Competition,
    TaskVersion,
    Team,
    TeamExtension,
    TeamMember,
)
from server.competitions.services import board_touch
from server.read_only_admin import ReadOnlyAdmin


@admin.register(TaskVersion)
class TaskVersionAdmin(ReadOnlyAdmin):
    """Registered tasks; `manage.py tasks load` adds to them."""

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

    list_display = ("name", "competition", "is_baseline", "created")
    list_filter = ("competition",)
    search_fields = ("name", "members__user__username")
    # Staff mark baselines on the board's page, where it is logged.
    readonly_fields = ("competition", "is_baseline")

    def save_model(self, request: HttpRequest, obj: Team, form: object, change: bool) -> None:
        """Saves a team; boards show its name."""
        with transaction.atomic():
            obj.save()
            board_touch(competition_id=obj.competition_id)


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
