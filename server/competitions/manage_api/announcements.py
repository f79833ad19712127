"""What staff tell everyone on a competition's page."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.parsers import FormParser, JSONParser
from rest_framework.permissions import SAFE_METHODS, AllowAny, BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from server.accounts.person import person
from server.competitions.models import Announcement
from server.competitions.selectors import (
    announcement_get,
    announcements_of,
    competition_access,
)
from server.competitions.services import (
    announcement_delete,
    announcement_edit,
    announcement_post,
)


class AnnouncementShown(serializers.Serializer[Any]):
    """An announcement."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    text = serializers.CharField(help_text="Markdown.")
    author = serializers.CharField(help_text="As others see the name.")
    created = serializers.DateTimeField()
    edited = serializers.DateTimeField(allow_null=True)


class NewAnnouncement(serializers.Serializer[None]):
    """What to tell."""

    title = serializers.CharField(max_length=120)
    text = serializers.CharField(max_length=10_000, help_text="Markdown.")


class AnnouncementChanges(serializers.Serializer[None]):
    """What to tell instead; what is left out stays."""

    title = serializers.CharField(max_length=120, required=False)
    text = serializers.CharField(max_length=10_000, required=False, help_text="Markdown.")


class AnnouncementsView(APIView):
    """The announcements of a competition."""

    parser_classes = [JSONParser, FormParser]

    def get_permissions(self) -> list[BasePermission]:
        """Whoever sees the competition reads them."""
        return [AllowAny() if self.request.method in SAFE_METHODS else IsAuthenticated()]

    @extend_schema(
        operation_id="v1_competitions_announcements_list", responses=AnnouncementShown(many=True)
    )
    def get(self, request: Request, slug: str) -> Response:
        """Lists the latest 50 announcements, newest first."""
        access = competition_access(user=request.user, slug=slug)
        announcements = announcements_of(competition=access.competition)
        return Response(AnnouncementShown(announcements, many=True).data)

    @extend_schema(request=NewAnnouncement, responses={201: AnnouncementShown})
    def post(self, request: Request, slug: str) -> Response:
        """Posts an announcement; for the course's staff."""
        user = person(request)
        access = competition_access(user=user, slug=slug)
        access.require_staff()
        given = NewAnnouncement(data=request.data)
        given.is_valid(raise_exception=True)
        announcement = announcement_post(
            competition=access.competition, author=user, **given.validated_data
        )
        return Response(AnnouncementShown(announcement).data, status=status.HTTP_201_CREATED)


class AnnouncementView(APIView):
    """One announcement."""

    parser_classes = [JSONParser, FormParser]

    @extend_schema(request=AnnouncementChanges, responses=AnnouncementShown)
    def patch(self, request: Request, slug: str, announcement_id: int) -> Response:
        """Changes an announcement; for the course's staff."""
        announcement = _of_staff(request, slug, announcement_id)
        given = AnnouncementChanges(data=request.data)
        given.is_valid(raise_exception=True)
        changed = announcement_edit(
            announcement=announcement,
            actor=person(request),
            title=given.validated_data.get("title", announcement.title),
            text=given.validated_data.get("text", announcement.text),
        )
        return Response(AnnouncementShown(changed).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, slug: str, announcement_id: int) -> Response:
        """Deletes an announcement; the course's log keeps its text. For the course's staff."""
        announcement_delete(
            announcement=_of_staff(request, slug, announcement_id), actor=person(request)
        )
        return Response(status=status.HTTP_204_NO_CONTENT)


def _of_staff(request: Request, slug: str, announcement_id: int) -> Announcement:
    access = competition_access(user=person(request), slug=slug)
    access.require_staff()
    return announcement_get(competition=access.competition, announcement_id=announcement_id)
