"""What an evaluation tells of a model beside its scores."""

from typing import Any

from django.http import FileResponse
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from server.accounts.person import person
from server.downloads import file_response
from server.submissions.models import Diagnostic
from server.submissions.models.diagnostic import SPLIT_CHOICES
from server.submissions.selectors import (
    diagnostic_picture,
    diagnostics_of,
    submission_access,
)


class TableShown(serializers.Serializer[Any]):
    """A small table."""

    columns = serializers.ListField(child=serializers.CharField())
    rows = serializers.ListField(
        child=serializers.ListField(child=serializers.JSONField()),
        help_text="A cell for each column: a text, a number, or null.",
    )
    notes = serializers.ListField(
        child=serializers.CharField(), help_text="What is left out, and why."
    )


class DiagnosticShown(serializers.Serializer[Any]):
    """A table of how a model does, and its picture."""

    name = serializers.CharField()
    title = serializers.CharField()
    split = serializers.ChoiceField(
        choices=SPLIT_CHOICES,
        help_text="Whose items it tells of. Of the public split only groups are told.",
    )
    caption = serializers.CharField(help_text="How to read it.")
    # Fields are taken out of the class, so that this hides nothing of the serializer.
    data = TableShown()  # type: ignore[assignment]
    picture = serializers.SerializerMethodField()

    def get_picture(self, diagnostic: Diagnostic) -> str | None:
        """The address of its picture, a PNG; null if it has none."""
        if not diagnostic.picture_key:
            return None
        path = reverse("api:diagnostic_picture", args=[self.context["public_id"], diagnostic.name])
        return str(self.context["request"].build_absolute_uri(path))


class DiagnosticsShown(serializers.Serializer[None]):
    """All of a submission's diagnostics."""

    results = DiagnosticShown(many=True)


class DiagnosticsView(APIView):
    """The diagnostics of a submission."""

    @extend_schema(operation_id="v1_submissions_diagnostics_list", responses=DiagnosticsShown)
    def get(self, request: Request, public_id: str) -> Response:
        """Tells where a model is good and where it is not; none before it is judged."""
        access = submission_access(user=person(request), public_id=public_id)
        context = {"request": request, "public_id": access.submission.public_id}
        found = diagnostics_of(access=access)
        return Response({"results": DiagnosticShown(found, many=True, context=context).data})


class DiagnosticPictureView(APIView):
    """The picture of a diagnostic."""

    @extend_schema(responses={(200, "image/png"): OpenApiTypes.BINARY})
    def get(self, request: Request, public_id: str, name: str) -> FileResponse:
        """Shows a diagnostic's picture."""
        access = submission_access(user=person(request), public_id=public_id)
        picture = diagnostic_picture(access=access, name=name)
        return file_response(picture, name=f"{name}.png", content_type="image/png", inline=True)
