"""Registers tasks, opens and changes competitions, makes teams, and tells everyone."""

from server.competitions.services.announcing import (
    announcement_delete,
    announcement_edit,
    announcement_post,
)
from server.competitions.services.boards import board_touch
from server.competitions.services.editing import (
    CompetitionChanges,
    CompetitionSettings,
    competition_delete,
    competition_edit,
    competition_open,
    competition_task_set,
)
from server.competitions.services.extensions import extension_give, extension_withdraw
from server.competitions.services.opening import competition_create
from server.competitions.services.revealing import board_reveal
from server.competitions.services.tasks import task_register
from server.competitions.services.teams import team_for, team_mark_baseline, team_rename

__all__ = [
    "CompetitionChanges",
    "CompetitionSettings",
    "announcement_delete",
    "announcement_edit",
    "announcement_post",
    "board_reveal",
    "board_touch",
    "competition_create",
    "competition_delete",
    "competition_edit",
    "competition_open",
    "competition_task_set",
    "extension_give",
    "extension_withdraw",
    "task_register",
    "team_for",
    "team_mark_baseline",
    "team_rename",
]
