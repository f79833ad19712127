"""Registers tasks, opens competitions and makes teams."""

from server.competitions.services.opening import competition_create
from server.competitions.services.tasks import task_register
from server.competitions.services.teams import team_for

__all__ = ["competition_create", "task_register", "team_for"]
