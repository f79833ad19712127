"""Makes teams."""

from django.db import IntegrityError, transaction

from server.accounts.models import User
from server.competitions.models import Competition, Team, TeamMember
from server.competitions.selectors import team_find
from server.plain_text import plain_text

TEAM_NAME_LENGTH = 60


def team_for(*, user: User, competition: Competition) -> Team:
    """Returns a person's team, and makes a team of one where there is none."""
    number = 1
    while (team := team_find(user=user, competition=competition)) is None:
        try:
            with transaction.atomic():
                team = Team.objects.create(
                    competition=competition, name=_team_name(str(user), number)
                )
                TeamMember.objects.create(team=team, user=user, competition=competition)
            return team
        except IntegrityError:
            # Another team has the name, or another request of this person was faster.
            number += 1
    return team


def _team_name(name: str, number: int) -> str:
    plain = plain_text(name, limit=TEAM_NAME_LENGTH)
    return plain if number == 1 else f"{plain} {number}"
