"""Leaderboards through the API."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from evaluators.report import Split
from server.competitions.api import PAGE_PARAMETERS
from server.competitions.selectors import competition_access, team_find
from server.keyset import limit_clean
from server.leaderboards.board import LeaderboardRow, ReferenceLine, ScoreShown
from server.leaderboards.selectors import (
    board_split,
    leaderboard_page,
    leaderboard_row,
    team_standing,
)

BOARDS = (Split.PUBLIC, Split.PRIVATE)
SPLIT = OpenApiParameter(
    "split",
    str,
    enum=[split.value for split in BOARDS],
    description="Whose scores rank. The private ones are for staff until they are revealed.",
)


class BoardScore(serializers.Serializer[ScoreShown]):
    """A score with its 95 % interval."""

    metric = serializers.CharField()
    value = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()


class BoardRow(serializers.Serializer[LeaderboardRow]):
    """A team on the board."""

    rank = serializers.IntegerField(
        allow_null=True, help_text="1 for the best; null for a baseline, which takes no rank."
    )
    team = serializers.CharField()
    baseline = serializers.BooleanField()
    public_rank = serializers.IntegerField(
        allow_null=True, help_text="On the private board: the rank on the public one."
    )
    score = BoardScore()
    secondary = BoardScore(many=True)
    submissions = serializers.IntegerField(help_text="How many of the team's were scored.")
    submitted_at = serializers.DateTimeField(help_text="When its best one arrived.")


class BoardLine(serializers.Serializer[ReferenceLine]):
    """A line that is nobody's: what a human reaches, or a published result."""

    title = serializers.CharField()
    value = serializers.FloatField(help_text="On the scale of the primary metric.")
    note = serializers.CharField(help_text="Where it comes from; may be empty.")
    before = serializers.IntegerField(
        help_text="Number of the row in `results`, from 0, that it stands above."
    )


class BoardPage(serializers.Serializer[Any]):
    """Some rows of a board."""

    split = serializers.ChoiceField(
        choices=[split.value for split in BOARDS], help_text="Whose scores rank."
    )
    results = BoardRow(many=True, source="rows")
    next = serializers.CharField(
        allow_null=True, source="next_cursor", help_text="Cursor of the next page."
    )
    reference_lines = BoardLine(many=True, help_text="Those that belong between these rows.")
    mine = BoardRow(allow_null=True, help_text="Your team's row, wherever on the board it is.")


class LeaderboardView(APIView):
    """A competition's leaderboard."""

    permission_classes = [AllowAny]

    @extend_schema(parameters=[*PAGE_PARAMETERS, SPLIT], responses=BoardPage)
    def get(self, request: Request, slug: str) -> Response:
        """Shows teams by their best submissions on the public split.

        After the reveal they are ranked by the private scores of the same submissions.
        """
        access = competition_access(user=request.user, slug=slug)
        split = board_split(access=access, wanted=request.query_params.get("split"))
        page = leaderboard_page(
            competition=access.competition,
            split=split,
            cursor=request.query_params.get("cursor"),
            limit=limit_clean(request.query_params.get("limit")),
        )
        team = team_find(user=request.user, competition=access.competition)
        standing = team_standing(team=team) if team else None
        mine = standing and leaderboard_row(
            competition=access.competition, standing=standing, split=split
        )
        shown = {
            "split": page.split.value,
            "rows": page.rows,
            "next_cursor": page.next_cursor,
            "reference_lines": page.reference_lines,
            "mine": mine,
        }
        return Response(BoardPage(shown).data)
