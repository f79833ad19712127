"""Reads teams."""

from server.accounts.models import User
from server.competitions.models import Competition, Team
from server.courses.selectors import Viewer


def team_find(*, user: Viewer, competition: Competition) -> Team | None:
    """Returns a person's team in a competition, or None."""
    if not isinstance(user, User):
        return None
    return Team.objects.filter(
        members__user=user, members__competition=competition, competition=competition
    ).first()


def team_named(*, name: str, competition: Competition) -> Team | None:
    """Returns the team that has a name, or None."""
    return Team.objects.filter(competition=competition, name=name).first() if name else None
