"""Makes teams, and marks baselines."""

from django.db import IntegrityError, transaction

from server.accounts.models import User
from server.competitions.models import Competition, Team, TeamMember
from server.competitions.selectors import team_find
from server.competitions.services.boards import board_touch
from server.courses.models import Action
from server.courses.services import action_log
from server.plain_text import plain_text
from server.refusals import NotFound

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


def team_mark_baseline(
    *, competition: Competition, actor: User, team_id: int, is_baseline: bool
) -> Team:
    """Marks a team as a baseline, which takes no rank, or as a team again.

    Args:
        competition: with its course loaded.
        actor: one of the course's staff.
        team_id: which team.
        is_baseline: whether it is one from now on; doing it twice changes nothing.

    Raises:
        NotFound: the competition has no such team.
    """
    with transaction.atomic():
        team = Team.objects.select_for_update().filter(pk=team_id, competition=competition).first()
        if team is None:
            raise NotFound("There is no such team in this competition.")
        if team.is_baseline != is_baseline:
            action_log(
                course=competition.course,
                actor=actor,
                action=Action.TEAM_BASELINE,
                subject=f"{competition.slug}: {team.name}",
                before={"is_baseline": team.is_baseline},
                after={"is_baseline": is_baseline},
            )
            team.is_baseline = is_baseline
            team.save(update_fields=["is_baseline"])
            board_touch(competition_id=competition.pk)
    return team


def team_rename(*, team: Team, actor: User, name: str) -> Team:
    """Puts a team's name right; boards show it.

    Args:
        team: which one.
        actor: an operator.
        name: its name from now on.

    Raises:
        ValidationError: by field, what is wrong with what was given.
    """
    with transaction.atomic():
        locked = Team.objects.select_for_update().get(pk=team.pk)
        before, locked.name = locked.name, name
        if before == name:
            return locked
        locked.full_clean()
        locked.save(update_fields=["name"])
        action_log(
            course=locked.competition.course,
            actor=actor,
            action=Action.TEAM_RENAME,
            subject=f"{locked.competition.slug}: {before}",
            before={"name": before},
            after={"name": name},
        )
        board_touch(competition_id=locked.competition_id)
    return locked


def _team_name(name: str, number: int) -> str:
    plain = plain_text(name, limit=TEAM_NAME_LENGTH)
    return plain if number == 1 else f"{plain} {number}"
