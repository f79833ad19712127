"""What a course's staff did."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from server.accounts.person import person
from server.courses.api.members import PAGE_PARAMETERS
from server.courses.models import Action
from server.courses.selectors import course_access, log_page
from server.keyset import limit_clean


class ActionShown(serializers.Serializer[Any]):
    """Something that was done."""

    at = serializers.DateTimeField()
    actor = serializers.CharField(source="actor.username")
    action = serializers.ChoiceField(choices=Action.choices)
    subject = serializers.CharField(help_text="To what or whom, as it was called then.")
    before = serializers.DictField(help_text="The values that were changed, as they were.")
    after = serializers.DictField(help_text="The same values, as they were then.")


class LogShown(serializers.Serializer[None]):
    """Some actions."""

    results = ActionShown(many=True)
    next = serializers.CharField(allow_null=True, help_text="Cursor of the next page.")


class LogView(APIView):
    """The log of a course."""

    @extend_schema(
        operation_id="v1_courses_log_list", parameters=PAGE_PARAMETERS, responses=LogShown
    )
    def get(self, request: Request, slug: str) -> Response:
        """Lists what the staff did, newest first; for the course's staff."""
        access = course_access(user=person(request), slug=slug)
        access.require_staff()
        page = log_page(
            course=access.course,
            cursor=request.query_params.get("cursor"),
            limit=limit_clean(request.query_params.get("limit")),
        )
        return Response(
            {"results": ActionShown(page.rows, many=True).data, "next": page.next_cursor}
        )
