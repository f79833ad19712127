"""Creating a course, showing one, and its invite code."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.parsers import FormParser, JSONParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from server.accounts.person import person
from server.courses.api.mine import CourseMembership
from server.courses.models import Role
from server.courses.selectors import CourseAccess, course_access, memberships_of
from server.courses.services import (
    course_cpu_fallback_set,
    course_found,
    invite_code_change,
)


class NewCourse(serializers.Serializer[None]):
    """What a course begins with."""

    slug = serializers.CharField(max_length=60, help_text="Its address: letters, digits, - and _.")
    title = serializers.CharField(max_length=120)
    time_zone = serializers.CharField(
        max_length=60, default="UTC", help_text="An IANA name such as Europe/Prague."
    )


class CourseChanges(serializers.Serializer[None]):
    """What to change."""

    cpu_fallback = serializers.BooleanField(
        help_text=(
            "Whether a CPU worker judges submissions to GPU tasks while no GPU worker is online. "
            "The time limit stays the same, so what is quick on a GPU may run out of time."
        )
    )


class CourseDetail(serializers.Serializer[CourseAccess]):
    """A course."""

    slug = serializers.CharField(source="course.slug")
    title = serializers.CharField(source="course.title")
    time_zone = serializers.CharField(source="course.time_zone")
    is_active = serializers.BooleanField(source="course.is_active", help_text="It can be joined.")
    cpu_fallback = serializers.BooleanField(
        source="course.cpu_fallback",
        help_text="Its GPU tasks are judged on a CPU while no GPU worker is online.",
    )
    created = serializers.DateTimeField(source="course.created")
    role = serializers.ChoiceField(choices=Role.choices, source="membership.role")
    invite_code = serializers.SerializerMethodField()

    def get_invite_code(self, access: CourseAccess) -> str | None:
        """What lets others join; null for who is not of the course's staff."""
        return access.course.invite_code if access.membership.is_staff else None


class CoursesView(APIView):
    """A person's courses."""

    parser_classes = [JSONParser, FormParser]

    @extend_schema(operation_id="v1_courses_list", responses=CourseMembership(many=True))
    def get(self, request: Request) -> Response:
        """Lists the courses that you belong to."""
        return Response(CourseMembership(memberships_of(user=person(request)), many=True).data)

    @extend_schema(request=NewCourse, responses={201: CourseDetail})
    def post(self, request: Request) -> Response:
        """Creates a course; you become its instructor.

        For operators, unless the server is set up to let everybody.
        """
        user = person(request)
        given = NewCourse(data=request.data)
        given.is_valid(raise_exception=True)
        course = course_found(founder=user, **given.validated_data)
        shown: Any = CourseDetail(course_access(user=user, slug=course.slug)).data
        return Response(shown, status=status.HTTP_201_CREATED)


class CourseView(APIView):
    """One course."""

    @extend_schema(responses=CourseDetail)
    def get(self, request: Request, slug: str) -> Response:
        """Shows a course of yours; to its staff with the invite code."""
        return Response(CourseDetail(course_access(user=person(request), slug=slug)).data)

    @extend_schema(request=CourseChanges, responses=CourseDetail)
    def patch(self, request: Request, slug: str) -> Response:
        """Changes a course; for its instructors."""
        access = course_access(user=person(request), slug=slug)
        access.require_instructor()
        given = CourseChanges(data=request.data)
        given.is_valid(raise_exception=True)
        course = course_cpu_fallback_set(access=access, **given.validated_data)
        return Response(CourseDetail(CourseAccess(course, access.membership)).data)


class InviteCodeView(APIView):
    """A course's invite code."""

    @extend_schema(request=None, responses=CourseDetail)
    def post(self, request: Request, slug: str) -> Response:
        """Gives the course a new invite code; the old one opens nothing from now on."""
        access = course_access(user=person(request), slug=slug)
        access.require_staff()
        course = invite_code_change(course=access.course, actor=person(request))
        return Response(CourseDetail(CourseAccess(course, access.membership)).data)
