"""Gives a competition another task version, and its standings with it."""

from django.db import transaction

from server.accounts.models import User
from server.competitions.models import Competition, TaskVersion, Team
from server.competitions.services import competition_task_set
from server.leaderboards.services import standings_rebuild


def task_version_change(
    *, competition: Competition, actor: User, task_version: TaskVersion
) -> None:
    """Lets a competition judge by another task version, and computes its standings anew.

    Only scores by the new version count from now on. It is one step: nobody sees the new version
    with the old standings.

    Args:
        competition: which one.
        actor: an operator.
        task_version: the new one.
    """
    with transaction.atomic():
        # All teams before the board, as whoever ends an evaluation takes its own before it: what
        # ends meanwhile waits, and is then ranked by the new version.
        teams = Team.objects.filter(competition=competition).order_by("pk")
        list(teams.select_for_update(no_key=True))
        changed = competition_task_set(
            competition=competition, actor=actor, task_version=task_version
        )
        standings_rebuild(competition=changed)
