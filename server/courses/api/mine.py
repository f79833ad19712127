"""Joining a course."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import FormParser, JSONParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from server.accounts.person import person
from server.accounts.throttles import invite_code_tried
from server.courses.models import Role
from server.courses.services import course_join


class CourseMembership(serializers.Serializer[Any]):
    """A course that one belongs to."""

    course = serializers.CharField(source="course.slug")
    title = serializers.CharField(source="course.title")
    time_zone = serializers.CharField(source="course.time_zone")
    role = serializers.ChoiceField(choices=Role.choices)


class InviteCode(serializers.Serializer[None]):
    """What lets one join."""

    invite_code = serializers.CharField(max_length=60)


class JoinView(APIView):
    """The door of a course."""

    parser_classes = [JSONParser, FormParser]

    @extend_schema(request=InviteCode, responses=CourseMembership)
    def post(self, request: Request) -> Response:
        """Joins the course that has this invite code; doing it twice changes nothing."""
        user = person(request)
        code = InviteCode(data=request.data)
        code.is_valid(raise_exception=True)
        invite_code_tried(request._request, user)
        membership = course_join(user=user, invite_code=code.validated_data["invite_code"])
        return Response(CourseMembership(membership).data)
