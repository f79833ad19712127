"""The people whose access is checked everywhere."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from rest_framework.test import APIClient

from evaluators.spec import spec_parse
from server.accounts.models import User
from server.accounts.services import token_create, user_create
from server.competitions.models import Competition, TaskVersion, Visibility
from server.competitions.services import competition_create
from server.courses.models import Course, Role
from server.courses.services import course_create, membership_create
from tests.server.tiny_task import TASK_TOML

PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class Cast:
    """Two courses and who is in them.

    Attributes:
        student: a participant of the course.
        classmate: another participant of the course.
        assistant: an assistant of the course.
        instructor: the course's instructor.
        stranger: a participant of the other course.
        foreign_assistant: an assistant of the other course.
        foreign_instructor: the other course's instructor.
    """

    course: Course
    other_course: Course
    student: User
    classmate: User
    assistant: User
    instructor: User
    stranger: User
    foreign_assistant: User
    foreign_instructor: User

    def named(self, name: str) -> User:
        user = getattr(self, name)
        assert isinstance(user, User)
        return user


def cast_make() -> Cast:
    people = {
        name: person_make(name)
        for name in (
            "student", "classmate", "assistant", "instructor", "stranger", "foreign_assistant",
            "foreign_instructor",
        )
    }  # fmt: skip
    course = course_create(
        slug="spring",
        title="Spring school",
        instructor=people["instructor"],
        time_zone="Europe/Prague",
    )
    other = course_create(
        slug="autumn", title="Autumn school", instructor=people["foreign_instructor"]
    )
    for name in ("student", "classmate"):
        membership_create(course=course, user=people[name], role=Role.PARTICIPANT)
    membership_create(course=course, user=people["assistant"], role=Role.ASSISTANT)
    membership_create(course=other, user=people["stranger"], role=Role.PARTICIPANT)
    membership_create(course=other, user=people["foreign_assistant"], role=Role.ASSISTANT)
    return Cast(course=course, other_course=other, **people)


def person_make(name: str) -> User:
    return user_create(username=name, email=f"{name}@example.org", password=PASSWORD)


def operator_make() -> User:
    """Somebody who runs the server, and is in no course."""
    operator = person_make("operator")
    operator.is_staff = True
    operator.save()
    return operator


def task_version_make(*, artifact_mb: int = 1) -> TaskVersion:
    spec = spec_parse(TASK_TOML.format(artifact_mb=artifact_mb))
    return TaskVersion.objects.create(
        slug="halves",
        version=f"{artifact_mb:064x}",
        data_version="d" * 64,
        title=spec.title,
        spec=spec.model_dump(mode="json"),
        description="Left or right?",
    )


def competition_make(
    course: Course,
    *,
    slug: str = "halves",
    task_version: TaskVersion | None = None,
    visibility: Visibility = Visibility.COURSE,
    daily_limit: int = 5,
    invalid_daily_limit: int = 20,
    queue_limit: int = 5,
) -> Competition:
    now = timezone.now()
    return competition_create(
        course=course,
        slug=slug,
        title="Halves",
        task_version=task_version or task_version_make(),
        opens_at=now - timedelta(days=400),
        closes_at=now + timedelta(days=400),
        visibility=visibility,
        daily_limit=daily_limit,
        invalid_daily_limit=invalid_daily_limit,
        queue_limit=queue_limit,
    )


def client_of(user: User | None) -> APIClient:
    """A client that bears a token of a person; of nobody, it bears none."""
    client = APIClient()
    if user is not None:
        token = token_create(user=user, name="test").text
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client
