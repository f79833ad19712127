"""The competitions and the people. To be imported once Django is set up for a stack."""

import itertools
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from evaluators.installation import task_seed
from evaluators.prepare import task_prepare
from evaluators.sandbox import sandbox_select
from evaluators.task import task_load
from server.accounts.models import User
from server.accounts.services import token_create
from server.competitions.services import competition_create, task_register
from server.courses.models import Course, Role
from server.courses.services import course_create, membership_create
from tests.chaos.uploads import PRACTICE_AT_MOST
from tests.server.tiny_task import tiny_task_write

HALVES = "halves"
# Its own scorer takes its time over the judged predictions.
SLOWLY = "slowly"
SCORING_SECONDS = 3
OWN_METRIC = """\
scorer = "scorer:score"

[metrics.own.cost]
title = "Cost"
direction = "minimize"

[split]
"""
SCORER = f"""\
import time


def score(target, predictions):
    if len(target) > {PRACTICE_AT_MOST}:
        time.sleep({SCORING_SECONDS})
    return {{"cost": (predictions.argmax(axis=1) != target).astype("float64")}}
"""


@dataclass(frozen=True, slots=True)
class Person:
    """A participant.

    Attributes:
        user: the account.
        token: what the API knows them by.
    """

    user: User
    token: str


class World:
    """A course with two competitions, and as many people as are asked for.

    Args:
        folder: for the tasks.
    """

    def __init__(self, folder: Path) -> None:
        call_command("migrate", verbosity=0)
        self._numbers = itertools.count(1)
        self._course = self._course_make()
        for slug in (HALVES, SLOWLY):
            self._competition_make(slug, folder)

    def person(self) -> Person:
        """Somebody new, a participant of the course."""
        user = _user(f"student-{next(self._numbers)}")
        membership_create(course=self._course, user=user, role=Role.PARTICIPANT)
        return Person(user, token_create(user=user, name="chaos").text)

    def _course_make(self) -> Course:
        return course_create(
            slug="chaos",
            title="Chaos",
            time_zone=noon_zone(datetime.now(UTC)),
            instructor=_user("instructor"),
        )

    def _competition_make(self, slug: str, folder: Path) -> None:
        written = tiny_task_write(folder, slug=slug)
        if slug == SLOWLY:
            declared = written / "task.toml"
            text = declared.read_text().replace('secondary = ["accuracy"]', 'secondary = ["cost"]')
            declared.write_text(text.replace("[split]\n", OWN_METRIC))
            (written / "scorer.py").write_text(SCORER)
        task = task_load(written)
        prepared = task_prepare(
            task=task,
            data_root=settings.DATA_DIR,
            seed=task_seed(settings.VAR_DIR, task.slug),
            sandbox=sandbox_select(settings.SANDBOX),
            on_line=lambda line: None,
        )
        now = timezone.now()
        competition_create(
            course=self._course,
            slug=slug,
            title=slug.title(),
            task_version=task_register(task=task, data_version=prepared.data_version),
            # Clocks go wrong by an hour.
            opens_at=now - timedelta(days=2),
            closes_at=now + timedelta(days=2),
        )


def noon_zone(now: datetime) -> str:
    """A time zone where it is about noon: no day, and so no quota, ends when a clock jumps."""
    # In these names the sign is the other way round.
    return f"Etc/GMT{now.hour - 12:+d}"


def _user(name: str) -> User:
    user = User(username=name, email=f"{name}@example.org")
    user.set_unusable_password()
    user.save()
    return user
