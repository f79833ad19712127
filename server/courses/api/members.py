"""The members of a course."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.parsers import FormParser, JSONParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from server.accounts.person import person
from server.courses.models import Role
from server.courses.selectors import course_access, members_page
from server.courses.services import member_remove, member_role_change
from server.keyset import limit_clean

PAGE_PARAMETERS = [
    OpenApiParameter("cursor", str, description="Where to go on; `next` of the page before."),
    OpenApiParameter("limit", int, description="Rows of a page, at most 200."),
]


class Member(serializers.Serializer[Any]):
    """Somebody who belongs to a course."""

    id = serializers.IntegerField()
    username = serializers.CharField(source="user.username")
    name = serializers.CharField(source="user", help_text="What others see.")
    email = serializers.EmailField(source="user.email")
    role = serializers.ChoiceField(choices=Role.choices)
    joined = serializers.DateTimeField(source="created")


class MembersPageShown(serializers.Serializer[None]):
    """Some members."""

    results = Member(many=True)
    next = serializers.CharField(allow_null=True, help_text="Cursor of the next page.")


class MembersQuery(serializers.Serializer[None]):
    """Which members to list."""

    search = serializers.CharField(
        required=False,
        default="",
        allow_blank=True,
        max_length=100,
        help_text="A part of a user name, a name or an email address.",
    )
    role = serializers.ChoiceField(
        choices=Role.choices, required=False, default="", allow_blank=True
    )


class NewRole(serializers.Serializer[None]):
    """What a member is from now on."""

    role = serializers.ChoiceField(choices=Role.choices)


class MembersView(APIView):
    """The members of a course."""

    @extend_schema(
        operation_id="v1_courses_members_list",
        parameters=[MembersQuery, *PAGE_PARAMETERS],
        responses=MembersPageShown,
    )
    def get(self, request: Request, slug: str) -> Response:
        """Lists and searches the members, by their user names; for the course's staff."""
        access = course_access(user=person(request), slug=slug)
        access.require_staff()
        query = MembersQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        page = members_page(
            course=access.course,
            cursor=request.query_params.get("cursor"),
            limit=limit_clean(request.query_params.get("limit")),
            **query.validated_data,
        )
        return Response({"results": Member(page.rows, many=True).data, "next": page.next_cursor})


class MemberView(APIView):
    """One member."""

    parser_classes = [JSONParser, FormParser]

    @extend_schema(request=NewRole, responses=Member)
    def patch(self, request: Request, slug: str, member_id: int) -> Response:
        """Changes what a member is; for the course's instructors."""
        access = course_access(user=person(request), slug=slug)
        access.require_instructor()
        given = NewRole(data=request.data)
        given.is_valid(raise_exception=True)
        role = Role(given.validated_data["role"])
        member = member_role_change(access=access, member_id=member_id, role=role)
        shown: Any = Member(member).data
        return Response(shown)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, slug: str, member_id: int) -> Response:
        """Removes a member, or yourself. Submissions and standings stay.

        Whoever knows the invite code can join again: change it too.
        """
        access = course_access(user=person(request), slug=slug)
        member_remove(access=access, member_id=member_id)
        return Response(status=status.HTTP_204_NO_CONTENT)
