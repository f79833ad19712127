"""Until when a team may submit."""

from collections.abc import Sequence
from datetime import datetime

from server.competitions.models import Competition, Team, TeamExtension


def deadline_of(*, competition: Competition, team: Team | None) -> datetime:
    """Returns a team's deadline: the competition's, or a later one of its own."""
    if team is None:
        return competition.closes_at
    own = TeamExtension.objects.filter(team=team).values_list("closes_at", flat=True).first()
    return competition.closes_at if own is None else max(own, competition.closes_at)


def extensions_of(*, competition: Competition) -> Sequence[TeamExtension]:
    """A competition's extensions with their teams, the latest deadline first."""
    extensions = TeamExtension.objects.filter(team__competition=competition)
    return list(extensions.select_related("team").order_by("-closes_at", "team__name"))


def last_deadline(*, competition: Competition) -> datetime:
    """Returns when the last team's deadline passes."""
    own = (
        TeamExtension.objects.filter(team__competition=competition)
        .order_by("-closes_at")
        .values_list("closes_at", flat=True)
        .first()
    )
    return competition.closes_at if own is None else max(own, competition.closes_at)
