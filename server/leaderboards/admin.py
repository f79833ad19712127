"""Competitions and standings for operators; `manage.py standings rebuild` computes these anew."""

from typing import Any

from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest

from server.accounts.models import User
from server.competitions.models import Competition
from server.competitions.services import (
    CompetitionChanges,
    CompetitionSettings,
    competition_delete,
    competition_edit,
    competition_open,
)
from server.leaderboards.models import Standing
from server.leaderboards.task_change import task_version_change
from server.read_only_admin import ReadOnlyAdmin


@admin.register(Competition)
class CompetitionAdmin(admin.ModelAdmin):
    """Competitions; each change stands in their course's log.

    Here, since another task version changes the standings.
    """

    list_display = ("slug", "title", "course", "opens_at", "closes_at", "visibility")
    list_filter = ("course", "visibility")
    search_fields = ("slug", "title")

    def get_readonly_fields(
        self, request: HttpRequest, obj: Competition | None = None
    ) -> tuple[str, ...]:
        """Instructors reveal; links and the log's lines have a competition's address and course."""
        return ("course", "slug", "private_revealed") if obj else ("private_revealed",)

    def save_model(self, request: Any, obj: Competition, form: Any, change: bool) -> None:
        """Opens a competition, or changes one."""
        if change:
            _change(obj, request.user, form)
        else:
            obj.pk = _open(obj, request.user, form).pk

    def delete_model(self, request: Any, obj: Competition) -> None:
        """Deletes a competition without teams."""
        competition_delete(competition=obj, actor=request.user)

    def delete_queryset(self, request: Any, queryset: QuerySet[Competition]) -> None:
        """Deletes competitions without teams."""
        with transaction.atomic():
            for competition in queryset.order_by("pk"):
                competition_delete(competition=competition, actor=request.user)


@admin.register(Standing)
class StandingAdmin(ReadOnlyAdmin):
    """Who stands where."""

    list_display = ("competition", "team", "primary_key", "secondary_key", "submitted_at")
    list_filter = ("competition",)
    list_select_related = ("competition", "team")
    search_fields = ("team__name",)


def _open(competition: Competition, actor: User, form: Any) -> Competition:
    settings = dict(form.cleaned_data)
    return competition_open(
        course=settings.pop("course"),
        slug=settings.pop("slug"),
        task_version=settings.pop("task_version"),
        actor=actor,
        settings=CompetitionSettings(**settings),
    )


def _change(competition: Competition, actor: User, form: Any) -> None:
    # Only what was changed on the page: what somebody else has changed since it was opened stays.
    changes = {name: form.cleaned_data[name] for name in form.changed_data}
    version = changes.pop("task_version", None)
    with transaction.atomic():
        # First, since it takes the teams, and the other the board.
        if version is not None:
            task_version_change(competition=competition, actor=actor, task_version=version)
        competition_edit(
            competition=competition, actor=actor, changes=CompetitionChanges(**changes)
        )
