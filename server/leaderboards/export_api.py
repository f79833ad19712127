"""Standings as CSV."""

from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.views import APIView

from server.accounts.person import person
from server.competitions.selectors import competition_access
from server.csv_export import csv_response
from server.leaderboards.export import standings_header, standings_rows


class StandingsQuery(serializers.Serializer[None]):
    """How to export."""

    bom = serializers.BooleanField(
        required=False,
        default=False,
        help_text="Begin with a byte order mark, by which Excel knows UTF-8.",
    )


class StandingsCsvView(APIView):
    """All standings as a table."""

    @extend_schema(parameters=[StandingsQuery], responses={(200, "text/csv"): OpenApiTypes.STR})
    def get(self, request: Request, slug: str) -> StreamingHttpResponse:
        """Downloads the standings as CSV, by public rank; for the course's staff."""
        access = competition_access(user=person(request), slug=slug)
        access.require_staff()
        query = StandingsQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        return csv_response(
            f"{slug}-standings.csv",
            standings_header(competition=access.competition),
            standings_rows(competition=access.competition),
            bom=query.validated_data["bom"],
        )
