"""Reads competitions and teams, and decides what a person may see of them."""

from server.competitions.selectors.access import (
    Access,
    competition_access,
    competitions_of_course,
    competitions_visible,
)
from server.competitions.selectors.announcements import announcement_get, announcements_of
from server.competitions.selectors.deadlines import deadline_of, extensions_of, last_deadline
from server.competitions.selectors.tasks import task_version_get, tasks_latest
from server.competitions.selectors.teams import team_find, team_named

__all__ = [
    "Access",
    "announcement_get",
    "announcements_of",
    "competition_access",
    "competitions_of_course",
    "competitions_visible",
    "deadline_of",
    "extensions_of",
    "last_deadline",
    "task_version_get",
    "tasks_latest",
    "team_find",
    "team_named",
]
