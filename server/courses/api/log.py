"""What was done in a course."""

from typing import Any

from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from server.accounts.person import person
from server.courses.api.members import PAGE_PARAMETERS
from server.courses.models import Action, By
from server.courses.selectors import LOG_HEADER, CourseAccess, course_access, log_page, log_rows
from server.csv_export import csv_response
from server.keyset import limit_clean


class ActionShown(serializers.Serializer[Any]):
    """Something that was done."""

    at = serializers.DateTimeField()
    by = serializers.ChoiceField(choices=By.choices, help_text="As what somebody did it.")
    actor = serializers.CharField(
        source="who", help_text="A user name; `the server` for what it did by itself."
    )
    action = serializers.ChoiceField(choices=Action.choices)
    subject = serializers.CharField(help_text="To what or whom, as it was called then.")
    before = serializers.DictField(help_text="The values that were changed, as they were.")
    after = serializers.DictField(help_text="The same values, as they were then.")


class LogShown(serializers.Serializer[None]):
    """Some actions."""

    results = ActionShown(many=True)
    next = serializers.CharField(allow_null=True, help_text="Cursor of the next page.")


class LogQuery(serializers.Serializer[None]):
    """Which actions to list."""

    by = serializers.ChoiceField(
        choices=By.choices,
        required=False,
        default="",
        allow_blank=True,
        help_text="Only what was done as that; all without it.",
    )


class LogCsvQuery(LogQuery):
    """Which actions to export, and how."""

    bom = serializers.BooleanField(
        required=False,
        default=False,
        help_text="Begin with a byte order mark, by which Excel knows UTF-8.",
    )


class LogView(APIView):
    """The log of a course."""

    @extend_schema(
        operation_id="v1_courses_log_list",
        parameters=[LogQuery, *PAGE_PARAMETERS],
        responses=LogShown,
    )
    def get(self, request: Request, slug: str) -> Response:
        """Lists what was done, newest first; for the course's staff."""
        access = _staff(request, slug)
        query = LogQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        page = log_page(
            course=access.course,
            by=query.validated_data["by"],
            cursor=request.query_params.get("cursor"),
            limit=limit_clean(request.query_params.get("limit")),
        )
        return Response(
            {"results": ActionShown(page.rows, many=True).data, "next": page.next_cursor}
        )


class LogCsvView(APIView):
    """The log of a course as a table."""

    @extend_schema(parameters=[LogCsvQuery], responses={(200, "text/csv"): OpenApiTypes.STR})
    def get(self, request: Request, slug: str) -> StreamingHttpResponse:
        """Downloads the log as CSV, newest first; for the course's staff."""
        access = _staff(request, slug)
        query = LogCsvQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        return csv_response(
            f"{slug}-log.csv",
            LOG_HEADER,
            log_rows(course=access.course, by=query.validated_data["by"]),
            bom=query.validated_data["bom"],
        )


def _staff(request: Request, slug: str) -> CourseAccess:
    access = course_access(user=person(request), slug=slug)
    access.require_staff()
    return access
