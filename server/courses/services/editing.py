"""Changes a course."""

from django.db import transaction

from server.courses.models import Action, Course
from server.courses.selectors import CourseAccess
from server.courses.services.logging import action_log


def course_cpu_fallback_set(*, access: CourseAccess, cpu_fallback: bool) -> Course:
    """Decides whether CPU workers judge a course's GPU tasks while no GPU worker is online.

    Args:
        access: of the person who asks for it.
        cpu_fallback: whether they do.

    Raises:
        Forbidden: the person is no instructor.
    """
    access.require_instructor()
    with transaction.atomic():
        course = Course.objects.select_for_update().get(pk=access.course.pk)
        before = course.cpu_fallback
        if before == cpu_fallback:
            return course
        course.cpu_fallback = cpu_fallback
        course.save(update_fields=["cpu_fallback"])
        action_log(
            course=course,
            actor=access.membership.user,
            action=Action.COURSE_EDIT,
            subject=course.slug,
            before={"cpu_fallback": before},
            after={"cpu_fallback": cpu_fallback},
        )
    return course
