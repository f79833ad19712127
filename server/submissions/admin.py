"""Submissions and evaluations for operators: to look at, never to change."""

from django.contrib import admin

from server.read_only_admin import ReadOnlyAdmin
from server.submissions.models import Artifact, Diagnostic, Evaluation, Score, Submission, Worker


@admin.register(Submission)
class SubmissionAdmin(ReadOnlyAdmin):
    """Uploads."""

    list_display = ("public_id", "competition", "team", "author", "filename", "size", "received_at")
    list_filter = ("competition",)
    list_select_related = ("competition", "team", "author")
    search_fields = ("public_id", "team__name", "author__username", "sha256")


@admin.register(Evaluation)
class EvaluationAdmin(ReadOnlyAdmin):
    """What became of them."""

    list_display = (
        "public_id", "team", "status", "verdict", "attempt", "worker", "queued_at", "finished_at",
    )  # fmt: skip
    list_filter = ("status", "verdict", "queue")
    list_select_related = ("team",)
    search_fields = ("public_id", "submission__public_id", "team__name")


@admin.register(Artifact)
class ArtifactAdmin(ReadOnlyAdmin):
    """Validated files."""

    list_display = ("digest", "kind", "entry", "size", "files")
    list_filter = ("kind",)
    search_fields = ("digest",)


@admin.register(Score)
class ScoreAdmin(ReadOnlyAdmin):
    """Scores."""

    list_display = ("evaluation", "metric", "split", "value", "low", "high")
    list_filter = ("metric", "split")
    list_select_related = ("evaluation",)
    search_fields = ("evaluation__public_id",)


@admin.register(Diagnostic)
class DiagnosticAdmin(ReadOnlyAdmin):
    """Diagnostics."""

    list_display = ("evaluation", "name", "split", "title")
    list_filter = ("name", "split")
    list_select_related = ("evaluation",)
    search_fields = ("evaluation__public_id",)


@admin.register(Worker)
class WorkerAdmin(ReadOnlyAdmin):
    """Workers that are online, with their GPUs."""

    list_display = ("name", "queue", "slots", "slots_well", "started_at", "seen_at")
    list_filter = ("queue",)
    search_fields = ("name",)
