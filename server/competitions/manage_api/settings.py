"""Opening a competition, and changing what staff decide about it."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.parsers import FormParser, JSONParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from server.accounts.person import person
from server.competitions.manage_api.times import LocalTimeField, moment_in
from server.competitions.models import Competition, Kind, Visibility
from server.competitions.selectors import competition_access, task_version_get, tasks_latest
from server.competitions.services import (
    CompetitionChanges,
    CompetitionSettings,
    competition_edit,
    competition_open,
)
from server.courses.local_times import Prefer
from server.courses.models import Course
from server.courses.selectors import course_access

PREFER: dict[str, Prefer] = {"opens_at": "earlier", "closes_at": "later"}


class OpenableTask(serializers.Serializer[Any]):
    """A task that a competition can be opened with."""

    id = serializers.IntegerField()
    slug = serializers.CharField()
    title = serializers.CharField()
    summary = serializers.CharField(source="spec.summary")
    version = serializers.CharField()
    data_version = serializers.CharField()


class Limits(serializers.Serializer[Any]):
    """Limits and visibility."""

    daily_limit = serializers.IntegerField(min_value=1, max_value=1000, required=False)
    invalid_daily_limit = serializers.IntegerField(min_value=1, max_value=1000, required=False)
    queue_limit = serializers.IntegerField(min_value=1, max_value=100, required=False)
    visibility = serializers.ChoiceField(choices=Visibility.choices, required=False)
    kind = serializers.ChoiceField(choices=Kind.choices, required=False)


class NewCompetition(Limits):
    """What a competition is opened with."""

    task = serializers.IntegerField(help_text="`id` of one of the course's list of tasks.")
    title = serializers.CharField(max_length=120)
    slug = serializers.CharField(
        max_length=60, required=False, help_text="Its address; made of the title by default."
    )
    opens_at = LocalTimeField()
    closes_at = LocalTimeField()


class SettingsChanges(Limits):
    """What to change; what is left out stays."""

    title = serializers.CharField(max_length=120, required=False)
    opens_at = LocalTimeField(required=False)
    closes_at = LocalTimeField(required=False)


class SettingsShown(serializers.Serializer[Competition]):
    """What staff decide about a competition."""

    slug = serializers.CharField()
    course = serializers.CharField(source="course.slug")
    title = serializers.CharField()
    task = serializers.IntegerField(source="task_version_id")
    opens_at = serializers.DateTimeField()
    closes_at = serializers.DateTimeField()
    time_zone = serializers.CharField(source="course.time_zone")
    daily_limit = serializers.IntegerField()
    invalid_daily_limit = serializers.IntegerField()
    queue_limit = serializers.IntegerField()
    visibility = serializers.ChoiceField(choices=Visibility.choices)
    kind = serializers.ChoiceField(choices=Kind.choices)
    private_revealed = serializers.BooleanField()
    notes = serializers.SerializerMethodField()

    def get_notes(self, competition: Competition) -> list[str]:
        """How local times were understood that come twice."""
        return list(self.context.get("notes", []))


class TasksView(APIView):
    """The tasks of the server."""

    @extend_schema(responses=OpenableTask(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """Lists the tasks that a competition of the course can be opened with; for its staff."""
        course_access(user=person(request), slug=slug).require_staff()
        return Response(OpenableTask(tasks_latest(), many=True).data)


class CourseCompetitionsView(APIView):
    """The competitions of a course."""

    parser_classes = [JSONParser, FormParser]

    @extend_schema(request=NewCompetition, responses={201: SettingsShown})
    def post(self, request: Request, slug: str) -> Response:
        """Opens a competition; for the course's staff."""
        user = person(request)
        access = course_access(user=user, slug=slug)
        access.require_staff()
        given = NewCompetition(data=request.data)
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        notes = _resolve_times(values, access.course)
        competition = competition_open(
            course=access.course,
            actor=user,
            task_version=task_version_get(version_id=values.pop("task")),
            slug=values.pop("slug", ""),
            settings=CompetitionSettings(**values),
        )
        shown = SettingsShown(competition, context={"notes": notes})
        return Response(shown.data, status=status.HTTP_201_CREATED)


class SettingsView(APIView):
    """What staff decide about a competition."""

    parser_classes = [JSONParser, FormParser]

    @extend_schema(responses=SettingsShown)
    def get(self, request: Request, slug: str) -> Response:
        """Shows the settings; for the course's staff."""
        access = competition_access(user=person(request), slug=slug)
        access.require_staff()
        return Response(SettingsShown(access.competition).data)

    @extend_schema(request=SettingsChanges, responses=SettingsShown)
    def patch(self, request: Request, slug: str) -> Response:
        """Changes settings, the deadline for all among them; for the course's staff."""
        user = person(request)
        access = competition_access(user=user, slug=slug)
        access.require_staff()
        given = SettingsChanges(data=request.data)
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        notes = _resolve_times(values, access.competition.course)
        competition = competition_edit(
            competition=access.competition, actor=user, changes=CompetitionChanges(**values)
        )
        return Response(SettingsShown(competition, context={"notes": notes}).data)


def _resolve_times(values: dict[str, Any], course: Course) -> list[str]:
    """Puts moments where texts are, and returns what there is to say about them."""
    notes = []
    for field, prefer in PREFER.items():
        if field in values:
            moment = moment_in(text=values[field], zone=course.zone, field=field, prefer=prefer)
            values[field] = moment.at
            notes.append(moment.note)
    return [note for note in notes if note]
