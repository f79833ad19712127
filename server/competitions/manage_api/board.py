"""Revealing the private board, and hiding it again."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from server.accounts.person import person
from server.competitions.manage_api.settings import SettingsShown
from server.competitions.selectors import competition_access
from server.competitions.services import board_reveal


class RevealView(APIView):
    """The private board is shown."""

    @extend_schema(request=None, responses=SettingsShown)
    def post(self, request: Request, slug: str) -> Response:
        """Shows participants the private scores; for the course's instructors."""
        return _reveal(request, slug, revealed=True)


class UnrevealView(APIView):
    """The private board is hidden."""

    @extend_schema(request=None, responses=SettingsShown)
    def post(self, request: Request, slug: str) -> Response:
        """Hides the private scores from participants again; for the course's instructors."""
        return _reveal(request, slug, revealed=False)


def _reveal(request: Request, slug: str, *, revealed: bool) -> Response:
    user = person(request)
    access = competition_access(user=user, slug=slug)
    access.require_instructor()
    competition = board_reveal(competition=access.competition, actor=user, revealed=revealed)
    return Response(SettingsShown(competition).data)
