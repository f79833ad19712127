"""Creates courses."""

from django.db import transaction

from server.accounts.models import User
from server.courses.models import Course, Role
from server.courses.services.joining import membership_create


def course_create(
    *,
    slug: str,
    title: str,
    instructor: User,
    time_zone: str = "UTC",
    invite_code: str | None = None,
) -> Course:
    """Creates a course and makes a person its instructor.

    Raises:
        ValidationError: by field, what is wrong with what was given.
    """
    course = Course(slug=slug, title=title, time_zone=time_zone)
    if invite_code is not None:
        course.invite_code = invite_code
    course.full_clean()
    with transaction.atomic():
        course.save()
        membership_create(course=course, user=instructor, role=Role.INSTRUCTOR)
    return course
