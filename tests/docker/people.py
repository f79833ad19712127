"""Run in the server's container by `manage.py shell`: people, a course and a competition."""

from datetime import timedelta

from django.utils import timezone

from server.accounts.services import user_create
from server.competitions.models import TaskVersion
from server.competitions.services import competition_create
from server.courses.models import Role
from server.courses.services import course_create, membership_create

PASSWORD = "correct horse battery"


def main() -> None:
    teacher, student = (
        user_create(
            username=name, email=f"{name}@example.org", password=PASSWORD, display_name=name
        )
        for name in ("teacher", "student")
    )
    course = course_create(slug="spring", title="Spring", instructor=teacher)
    membership_create(course=course, user=student, role=Role.PARTICIPANT)
    competition_create(
        course=course,
        slug="halves",
        title="Halves",
        task_version=TaskVersion.objects.get(slug="halves"),
        opens_at=timezone.now() - timedelta(days=1),
        closes_at=timezone.now() + timedelta(days=1),
    )
