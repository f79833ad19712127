"""Reads competitions and teams, and decides what a person may see of them."""

from server.competitions.selectors.access import (
    Access,
    competition_access,
    competitions_of_course,
    competitions_visible,
)
from server.competitions.selectors.teams import team_find

__all__ = [
    "Access",
    "competition_access",
    "competitions_of_course",
    "competitions_visible",
    "team_find",
]
