"""Leaderboards through the API."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from server.competitions.api import PAGE_PARAMETERS
from server.competitions.selectors import competition_access
from server.keyset import limit_clean
from server.leaderboards.board import LeaderboardPage, LeaderboardRow, ScoreShown
from server.leaderboards.selectors import leaderboard_page


class BoardScore(serializers.Serializer[ScoreShown]):
    """A score with its 95 % interval."""

    metric = serializers.CharField()
    value = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()


class BoardRow(serializers.Serializer[LeaderboardRow]):
    """A team on the board."""

    rank = serializers.IntegerField()
    team = serializers.CharField()
    score = BoardScore()
    secondary = BoardScore(many=True)
    submissions = serializers.IntegerField(help_text="How many of the team's were scored.")
    submitted_at = serializers.DateTimeField(help_text="When its best one arrived.")


class BoardPage(serializers.Serializer[LeaderboardPage]):
    """Some rows of a board."""

    results = BoardRow(many=True, source="rows")
    next = serializers.CharField(
        allow_null=True, source="next_cursor", help_text="Cursor of the next page."
    )


class LeaderboardView(APIView):
    """A competition's leaderboard."""

    permission_classes = [AllowAny]

    @extend_schema(parameters=PAGE_PARAMETERS, responses=BoardPage)
    def get(self, request: Request, slug: str) -> Response:
        """Shows teams by their best scores on the public split."""
        access = competition_access(user=request.user, slug=slug)
        page = leaderboard_page(
            competition=access.competition,
            cursor=request.query_params.get("cursor"),
            limit=limit_clean(request.query_params.get("limit")),
        )
        return Response(BoardPage(page).data)
