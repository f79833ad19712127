"""Registers tasks, opens competitions and makes teams."""

from datetime import datetime

from django.db import IntegrityError, transaction

from evaluators.task import Task
from server.accounts.models import User
from server.competitions.models import Competition, TaskVersion, Team, TeamMember, Visibility
from server.competitions.selectors import team_find
from server.courses.models import Course
from server.plain_text import plain_text

TEAM_NAME_LENGTH = 60


def task_register(*, task: Task, data_version: str) -> TaskVersion:
    """Makes a prepared task known, or returns the row that knows it already."""
    return TaskVersion.objects.get_or_create(
        slug=task.slug,
        version=task.version,
        data_version=data_version,
        defaults={
            "title": task.spec.title,
            "spec": task.spec.model_dump(mode="json"),
            "description": task.description,
        },
    )[0]


def competition_create(
    *,
    course: Course,
    slug: str,
    title: str,
    task_version: TaskVersion,
    opens_at: datetime,
    closes_at: datetime,
    daily_limit: int = 5,
    invalid_daily_limit: int = 20,
    queue_limit: int = 5,
    visibility: Visibility = Visibility.COURSE,
) -> Competition:
    """Opens a task in a course.

    Raises:
        ValidationError: by field, what is wrong with what was given.
    """
    competition = Competition(
        course=course,
        slug=slug,
        title=title,
        task_version=task_version,
        opens_at=opens_at,
        closes_at=closes_at,
        daily_limit=daily_limit,
        invalid_daily_limit=invalid_daily_limit,
        queue_limit=queue_limit,
        visibility=visibility,
    )
    competition.full_clean()
    competition.save()
    return competition


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
