"""Creates courses."""

from django.core.exceptions import ValidationError
from django.db import transaction

from server.accounts.models import User
from server.courses.models import Action, Course, Role
from server.courses.selectors import course_creation_require
from server.courses.services.joining import membership_create
from server.courses.services.logging import action_log

# Addresses have these words where others have a course's.
RESERVED = {"join", "new"}


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
    if slug in RESERVED:
        raise ValidationError({"slug": f"{slug!r} has a meaning of its own here; use another."})
    course.full_clean()
    with transaction.atomic():
        course_add(course=course, actor=instructor)
        membership_create(course=course, user=instructor, role=Role.INSTRUCTOR)
    return course


def course_add(*, course: Course, actor: User) -> None:
    """Keeps a new course, which nobody belongs to yet, and begins its log.

    Args:
        course: one that was cleaned and is not saved.
        actor: who creates it.
    """
    with transaction.atomic():
        course.save()
        action_log(
            course=course,
            actor=actor,
            action=Action.COURSE_CREATE,
            subject=course.slug,
            after={"title": course.title, "time_zone": course.time_zone},
        )


def course_found(*, slug: str, title: str, time_zone: str, founder: User) -> Course:
    """Creates a course for a person who asks for it.

    Raises:
        Forbidden: only operators may create courses on this server.
        ValidationError: by field, what is wrong with what was given.
    """
    course_creation_require(user=founder)
    return course_create(slug=slug, title=title, time_zone=time_zone, instructor=founder)
