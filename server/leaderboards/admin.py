"""Standings for operators; `manage.py standings rebuild` computes them anew."""

from django.contrib import admin

from server.leaderboards.models import Standing
from server.read_only_admin import ReadOnlyAdmin


@admin.register(Standing)
class StandingAdmin(ReadOnlyAdmin):
    """Who stands where."""

    list_display = ("competition", "team", "primary_key", "secondary_key", "submitted_at")
    list_filter = ("competition",)
    list_select_related = ("competition", "team")
    search_fields = ("team__name",)
