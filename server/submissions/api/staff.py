"""All submissions of a competition, for its course's staff."""

from django.http import FileResponse, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from evaluators.verdicts import Verdict
from server.accounts.person import person
from server.competitions.api import PAGE_PARAMETERS
from server.competitions.selectors import Access, competition_access
from server.csv_export import csv_response
from server.downloads import file_response
from server.keyset import limit_clean
from server.refusals import Forbidden
from server.submissions.api.shown import SubmissionSummary
from server.submissions.api.team import SubmissionsPage
from server.submissions.models import Status
from server.submissions.selectors import (
    SubmissionAccess,
    SubmissionFilter,
    latest_evaluation,
    submission_access,
    submissions_filtered,
    submissions_header,
    submissions_page,
    submissions_rows,
)
from server.submissions.storage import upload_open

CSV = {(200, "text/csv"): OpenApiTypes.STR}


class FilterQuery(serializers.Serializer[None]):
    """Which submissions to list."""

    status = serializers.ChoiceField(choices=Status.choices, required=False, allow_blank=True)
    verdict = serializers.ChoiceField(
        choices=[verdict.value for verdict in Verdict], required=False, allow_blank=True
    )
    team = serializers.CharField(
        max_length=80, required=False, allow_blank=True, help_text="A team's name."
    )
    day = serializers.DateField(
        required=False, help_text="A day of the course's time zone, such as 2026-11-24."
    )
    search = serializers.CharField(
        max_length=100,
        required=False,
        allow_blank=True,
        help_text=(
            "A part of the team's or author's name, the message or the filename; or the first "
            "digits of a digest, at least six; or an id."
        ),
    )

    too_good = serializers.BooleanField(
        required=False, default=False, help_text="Only those that scored suspiciously well."
    )

    def wanted(self) -> SubmissionFilter:
        """The filter that is asked for.

        Raises:
            ValidationError: by parameter, what is wrong.
        """
        self.is_valid(raise_exception=True)
        return SubmissionFilter(**self.validated_data)


class CsvQuery(FilterQuery):
    """Which submissions to export, and how."""

    bom = serializers.BooleanField(
        required=False,
        default=False,
        help_text="Begin with a byte order mark, by which Excel knows UTF-8.",
    )

    def wanted(self) -> SubmissionFilter:
        """The filter that is asked for.

        Raises:
            ValidationError: by parameter, what is wrong.
        """
        self.is_valid(raise_exception=True)
        values = {name: value for name, value in self.validated_data.items() if name != "bom"}
        return SubmissionFilter(**values)


class AllSubmissionsView(APIView):
    """The submissions of all teams."""

    @extend_schema(
        operation_id="v1_competitions_all_submissions_list",
        parameters=[FilterQuery, *PAGE_PARAMETERS],
        responses=SubmissionsPage,
    )
    def get(self, request: Request, slug: str) -> Response:
        """Lists and searches all submissions, newest first; for the course's staff."""
        access = _staff(request, slug)
        wanted = FilterQuery(data=request.query_params).wanted()
        page = submissions_page(
            submissions=submissions_filtered(competition=access.competition, wanted=wanted),
            cursor=request.query_params.get("cursor"),
            limit=limit_clean(request.query_params.get("limit")),
        )
        shown = [
            SubmissionAccess(
                submission, latest_evaluation(submission), is_staff=True, sees_private=True
            )
            for submission in page.rows
        ]
        return Response(
            {
                "results": SubmissionSummary(shown, many=True, context={"request": request}).data,
                "next": page.next_cursor,
            }
        )


class SubmissionsCsvView(APIView):
    """All submissions as a table."""

    @extend_schema(parameters=[CsvQuery], responses=CSV)
    def get(self, request: Request, slug: str) -> StreamingHttpResponse:
        """Downloads submissions as CSV, newest first; for the course's staff."""
        access = _staff(request, slug)
        query = CsvQuery(data=request.query_params)
        submissions = submissions_filtered(competition=access.competition, wanted=query.wanted())
        version = access.competition.task_version
        return csv_response(
            f"{slug}-submissions.csv",
            submissions_header(task_version=version),
            submissions_rows(submissions=submissions, task_version=version),
            bom=query.validated_data["bom"],
        )


class UploadView(APIView):
    """The file that a participant sent."""

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, public_id: str) -> FileResponse:
        """Downloads the uploaded file as it was sent, unopened; for the course's staff."""
        access = submission_access(user=person(request), public_id=public_id)
        if not access.is_staff:
            raise Forbidden("Only the assistants and instructors of the course download uploads.")
        submission = access.submission
        return file_response(
            upload_open(key=submission.storage_key),
            name=f"{submission.public_id}-{submission.filename}",
            content_type="application/octet-stream",
        )


def _staff(request: Request, slug: str) -> Access:
    access = competition_access(user=person(request), slug=slug)
    access.require_staff()
    return access
