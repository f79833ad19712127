"""The demonstration's people, course and competitions, made once and found again."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from evaluators.installation import secret_text
from server.accounts.models import User
from server.accounts.services import user_create
from server.competitions.models import Competition, TaskVersion, Visibility
from server.competitions.services import competition_create
from server.courses.models import Course, Role
from server.courses.services import course_create, membership_create

COURSE = "demo"
OPEN_FOR = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can log in.

    Attributes:
        user: the account.
        password: its password, kept under `var/secret` so that a second run tells the same one.
    """

    user: User
    password: str


def person_make(username: str, display_name: str) -> Person:
    """Makes an account with a password of its own, or finds the one made before."""
    path = Path(settings.VAR_DIR) / "secret" / f"password-{username}"
    password = secret_text(path, lambda: secrets.token_urlsafe(12))
    user = User.objects.filter(username=username).first()
    if user is None:
        user = user_create(
            username=username,
            email=f"{username}@example.org",
            password=password,
            display_name=display_name,
        )
    return Person(user, password)


def course_make(instructor: User, student: User) -> Course:
    """Makes the demo course with its two people."""
    course = Course.objects.filter(slug=COURSE).first()
    if course is None:
        course = course_create(slug=COURSE, title="Demo course", instructor=instructor)
    membership_create(course=course, user=student, role=Role.PARTICIPANT)
    return course


def competition_make(course: Course, task_version: TaskVersion) -> Competition:
    """Opens a task as a public competition, or finds it and keeps it open.

    A task whose files or data have changed since gets a competition of its own: scores of two
    versions don't belong on one board.
    """
    now = timezone.now()
    competition = Competition.objects.filter(course=course, task_version=task_version).first()
    if competition is None:
        slug = task_version.slug
        if Competition.objects.filter(slug=slug).exists():
            slug = f"{slug}-{task_version.version[:8]}-{task_version.data_version[:4]}"
        return competition_create(
            course=course,
            slug=slug,
            title=task_version.title,
            task_version=task_version,
            opens_at=now,
            closes_at=now + OPEN_FOR,
            visibility=Visibility.PUBLIC,
        )
    if competition.closes_at < now + timedelta(days=1):
        Competition.objects.filter(pk=competition.pk).update(closes_at=now + OPEN_FOR)
    return competition
