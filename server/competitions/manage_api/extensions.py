"""Deadlines of single teams."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.parsers import FormParser, JSONParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from server.accounts.person import person
from server.competitions.manage_api.times import LocalTimeField, moment_in
from server.competitions.models import TeamExtension
from server.competitions.selectors import competition_access, extensions_of
from server.competitions.services import extension_give, extension_withdraw


class ExtensionShown(serializers.Serializer[Any]):
    """A team's own deadline."""

    id = serializers.IntegerField()
    team = serializers.CharField(source="team.name")
    closes_at = serializers.DateTimeField()
    note = serializers.SerializerMethodField()

    def get_note(self, extension: TeamExtension) -> str:
        """How a local time was understood that comes twice; else empty."""
        return str(self.context.get("note", ""))


class NewExtension(serializers.Serializer[None]):
    """Whose deadline is when."""

    team = serializers.CharField(
        max_length=150, help_text="A team, or the user name of a member of the course."
    )
    closes_at = LocalTimeField()


class ExtensionsView(APIView):
    """The extensions of a competition."""

    parser_classes = [JSONParser, FormParser]

    @extend_schema(
        operation_id="v1_competitions_extensions_list", responses=ExtensionShown(many=True)
    )
    def get(self, request: Request, slug: str) -> Response:
        """Lists the teams that have a deadline of their own; for the course's staff."""
        access = competition_access(user=person(request), slug=slug)
        access.require_staff()
        extensions = extensions_of(competition=access.competition)
        return Response(ExtensionShown(extensions, many=True).data)

    @extend_schema(request=NewExtension, responses={201: ExtensionShown})
    def post(self, request: Request, slug: str) -> Response:
        """Gives a team a later deadline, or moves the one that it has; for the course's staff."""
        user = person(request)
        access = competition_access(user=user, slug=slug)
        access.require_staff()
        given = NewExtension(data=request.data)
        given.is_valid(raise_exception=True)
        moment = moment_in(
            text=given.validated_data["closes_at"],
            zone=access.competition.course.zone,
            field="closes_at",
            prefer="later",
        )
        extension = extension_give(
            competition=access.competition,
            actor=user,
            who=given.validated_data["team"],
            closes_at=moment.at,
        )
        shown = ExtensionShown(extension, context={"note": moment.note})
        return Response(shown.data, status=status.HTTP_201_CREATED)


class ExtensionView(APIView):
    """One extension."""

    @extend_schema(responses={204: None})
    def delete(self, request: Request, slug: str, extension_id: int) -> Response:
        """Withdraws an extension: the deadline for all holds again; for the course's staff."""
        user = person(request)
        access = competition_access(user=user, slug=slug)
        access.require_staff()
        extension_withdraw(competition=access.competition, actor=user, extension_id=extension_id)
        return Response(status=status.HTTP_204_NO_CONTENT)
