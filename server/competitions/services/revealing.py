"""Shows participants the private board, and hides it again."""

from django.db import transaction

from server.accounts.models import User
from server.competitions.models import Competition
from server.competitions.services.boards import board_touch
from server.competitions.services.editing import competition_lock
from server.courses.models import Action
from server.courses.services import action_log


def board_reveal(*, competition: Competition, actor: User, revealed: bool) -> Competition:
    """Reveals or hides a competition's private scores; doing it twice changes nothing.

    Args:
        competition: with its course loaded.
        actor: an instructor of the course.
        revealed: whether participants see the private scores from now on.
    """
    with transaction.atomic():
        locked = competition_lock(competition)
        if locked.private_revealed != revealed:
            action_log(
                course=locked.course,
                actor=actor,
                action=Action.BOARD_REVEAL if revealed else Action.BOARD_HIDE,
                subject=locked.slug,
                before={"private_revealed": locked.private_revealed},
                after={"private_revealed": revealed},
            )
            locked.private_revealed = revealed
            locked.save(update_fields=["private_revealed"])
            # Private scores may have changed unseen since they were last revealed.
            board_touch(competition_id=locked.pk)
    return locked
