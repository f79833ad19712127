"""Competitions, their kits and their data."""

from pathlib import Path
from typing import Any

from django.http import FileResponse
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from server.competitions.datasets import data_archive
from server.competitions.kits import kit_archive
from server.competitions.models import Competition, Visibility
from server.competitions.selectors import competition_access, competitions_visible
from server.downloads import file_response
from server.keyset import cursor_decode, cursor_encode, keyset_before, limit_clean

PAGE_PARAMETERS = [
    OpenApiParameter("cursor", str, description="Where to go on; `next` of the page before."),
    OpenApiParameter("limit", int, description="Rows of a page, at most 200."),
]
ZIP = {(200, "application/zip"): OpenApiTypes.BINARY}


class TaskSummary(serializers.Serializer[Any]):
    """The task of a competition."""

    slug = serializers.CharField(source="task_version.slug")
    title = serializers.CharField(source="task_version.title")
    summary = serializers.CharField(source="task_version.spec.summary")
    version = serializers.CharField(source="task_version.version")
    data_version = serializers.CharField(source="task_version.data_version")


class CourseSummary(serializers.Serializer[Competition]):
    """The course of a competition."""

    slug = serializers.CharField(source="course.slug")
    title = serializers.CharField(source="course.title")
    time_zone = serializers.CharField(source="course.time_zone")


class CompetitionUrls(serializers.Serializer[dict[str, str]]):
    """Where to go on."""

    self = serializers.URLField()
    kit = serializers.URLField()
    data = serializers.URLField()  # type: ignore[assignment]  # a field, not the serializer's own
    submissions = serializers.URLField()
    leaderboard = serializers.URLField()


class CompetitionSummary(serializers.Serializer[Any]):
    """A competition in a list."""

    slug = serializers.CharField()
    title = serializers.CharField()
    course = CourseSummary(source="*")
    task = TaskSummary(source="*")
    opens_at = serializers.DateTimeField()
    closes_at = serializers.DateTimeField()
    is_open = serializers.SerializerMethodField()
    visibility = serializers.ChoiceField(choices=Visibility.choices)
    urls = serializers.SerializerMethodField()

    def get_is_open(self, competition: Competition) -> bool:
        """Whether it takes submissions now."""
        return competition.is_open(timezone.now())

    @extend_schema_field(CompetitionUrls)
    def get_urls(self, competition: Competition) -> dict[str, str]:
        """Absolute addresses."""
        request: Request = self.context["request"]
        names = {
            "self": "competition",
            "kit": "kit",
            "data": "data",
            "submissions": "team_submissions",
            "leaderboard": "leaderboard",
        }
        return {
            key: request.build_absolute_uri(reverse(f"api:{name}", args=[competition.slug]))
            for key, name in names.items()
        }


class CompetitionsPage(serializers.Serializer[None]):
    """Some competitions."""

    results = CompetitionSummary(many=True)
    next = serializers.CharField(allow_null=True, help_text="Cursor of the next page.")


class CompetitionsView(APIView):
    """The competitions that one may see."""

    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="v1_competitions_list", parameters=PAGE_PARAMETERS, responses=CompetitionsPage
    )
    def get(self, request: Request) -> Response:
        """Lists competitions, newest first: public ones, and those of your courses."""
        limit = limit_clean(request.query_params.get("limit"))
        competitions = competitions_visible(user=request.user)
        if cursor := request.query_params.get("cursor"):
            key = cursor_decode(cursor, length=2)
            competitions = competitions.filter(keyset_before(("opens_at", "id"), key))
        found = list(competitions[: limit + 1])
        last = found[limit - 1] if len(found) > limit else None
        shown = CompetitionSummary(found[:limit], many=True, context={"request": request})
        return Response(
            {
                "results": shown.data,
                "next": cursor_encode([last.opens_at, last.pk]) if last else None,
            }
        )


class KitView(APIView):
    """The starter kit."""

    @extend_schema(responses=ZIP)
    def get(self, request: Request, slug: str) -> FileResponse:
        """Downloads the starter kit as a zip."""
        access = competition_access(user=request.user, slug=slug)
        access.require_download(timezone.now())
        version = access.competition.task_version
        return _download(kit_archive(task_version=version), f"{slug}-kit.zip")


class DataView(APIView):
    """The public data."""

    @extend_schema(responses=ZIP)
    def get(self, request: Request, slug: str) -> FileResponse:
        """Downloads the public data as a zip; unpack it in the kit's folder."""
        access = competition_access(user=request.user, slug=slug)
        access.require_download(timezone.now())
        version = access.competition.task_version
        return _download(data_archive(task_version=version), f"{slug}-data.zip")


def _download(path: Path, name: str) -> FileResponse:
    return file_response(path.open("rb"), name=name, content_type="application/zip")
