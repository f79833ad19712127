"""A team's submissions to a competition: sending one, and listing them."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from server.accounts.person import person
from server.competitions.api import PAGE_PARAMETERS
from server.competitions.models import Competition
from server.competitions.selectors import competition_access, team_find
from server.keyset import limit_clean
from server.submissions.api.shown import SubmissionDetail, SubmissionSummary
from server.submissions.selectors import (
    SubmissionAccess,
    latest_evaluation,
    submission_access,
    submissions_of_team,
    submissions_page,
)
from server.submissions.services import submission_create
from server.submissions.storage import upload_store
from server.submissions.uploads import upload_limits

KEY_HEADER = "Idempotency-Key"
KEY_LENGTH = 200


class Upload(serializers.Serializer[None]):
    """What a submission is made of."""

    file = serializers.FileField(help_text="A zip with model.py, or one model file.")
    message = serializers.CharField(
        max_length=200, required=False, allow_blank=True, default="", help_text="A note of yours."
    )


class SubmissionsPage(serializers.Serializer[None]):
    """Some submissions."""

    results = SubmissionSummary(many=True)
    next = serializers.CharField(allow_null=True, help_text="Cursor of the next page.")


class TeamSubmissionsView(APIView):
    """The submissions of one's team."""

    parser_classes = [MultiPartParser]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Notes when the request arrived, and limits its upload before anything reads it."""
        self.received_at = timezone.now()
        competition = (
            Competition.objects.filter(slug=kwargs["slug"]).select_related("task_version").first()
        )
        limit_mb = competition.task_version.parsed.limits.artifact_mb if competition else 1
        self.uploads = upload_limits(request, limit_mb=limit_mb)
        return super().dispatch(request, *args, **kwargs)

    @extend_schema(
        request=Upload,
        responses={202: SubmissionDetail},
        parameters=[
            OpenApiParameter(
                KEY_HEADER,
                str,
                OpenApiParameter.HEADER,
                description="Your own name of this request: repeating it submits only once.",
            )
        ],
    )
    def post(self, request: Request, slug: str) -> Response:
        """Submits a model. It is judged later: follow `url` until `status` is final."""
        user = person(request)
        access = competition_access(user=user, slug=slug)
        access.require_member()
        self.uploads.check_announced(request.META.get("CONTENT_LENGTH"))
        key = _idempotency_key(request)
        upload = Upload(data=request.data)
        if self.uploads.refused is not None:
            raise self.uploads.refused
        upload.is_valid(raise_exception=True)
        created = submission_create(
            user=user,
            competition=access.competition,
            upload=upload_store(file=upload.validated_data["file"]),
            received_at=self.received_at,
            message=upload.validated_data["message"],
            idempotency_key=key,
        )
        shown = SubmissionDetail(
            submission_access(user=user, public_id=created.submission.public_id),
            context={"request": request},
        )
        return Response(
            shown.data,
            status=status.HTTP_202_ACCEPTED,
            headers={"Location": str(shown.data["url"])},
        )

    @extend_schema(parameters=PAGE_PARAMETERS, responses=SubmissionsPage)
    def get(self, request: Request, slug: str) -> Response:
        """Lists your team's submissions, newest first."""
        user = person(request)
        access = competition_access(user=user, slug=slug)
        access.require_member()
        team = team_find(user=user, competition=access.competition)
        page = submissions_page(
            submissions=submissions_of_team(team=team),
            cursor=request.query_params.get("cursor"),
            limit=limit_clean(request.query_params.get("limit")),
        )
        shown = [
            SubmissionAccess(
                submission, latest_evaluation(submission), access.is_staff, access.sees_private
            )
            for submission in page.rows
        ]
        return Response(
            {
                "results": SubmissionSummary(shown, many=True, context={"request": request}).data,
                "next": page.next_cursor,
            }
        )


def _idempotency_key(request: Request) -> str:
    key = str(request.headers.get(KEY_HEADER, "")).strip()
    if len(key) > KEY_LENGTH or not key.isprintable():
        raise ValidationError({KEY_HEADER: [f"Send at most {KEY_LENGTH} printable characters."]})
    return key
