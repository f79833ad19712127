"""Changes a course."""

from collections.abc import Mapping

from django.db import transaction

from server.accounts.models import User
from server.courses.models import Action, Course
from server.courses.selectors import CourseAccess
from server.courses.services.logging import action_log


def course_edit(*, course: Course, actor: User, changes: Mapping[str, object]) -> Course:
    """Changes a course's settings; the log keeps what was changed.

    Args:
        course: which one.
        actor: who changes it.
        changes: new values by the names of their fields; not of the invite code.

    Raises:
        ValidationError: by field, what is wrong with what was given.
    """
    with transaction.atomic():
        locked = Course.objects.select_for_update(no_key=True).get(pk=course.pk)
        after = {name: new for name, new in changes.items() if new != getattr(locked, name)}
        before = {name: getattr(locked, name) for name in after}
        if not after:
            return locked
        for name, value in after.items():
            setattr(locked, name, value)
        locked.full_clean(exclude={each.name for each in Course._meta.fields} - set(after))
        locked.save(update_fields=list(after))
        action_log(
            course=locked,
            actor=actor,
            action=Action.COURSE_EDIT,
            subject=locked.slug,
            before=before,
            after=after,
        )
    return locked


def course_cpu_fallback_set(*, access: CourseAccess, cpu_fallback: bool) -> Course:
    """Decides whether CPU workers judge a course's GPU tasks while no GPU worker is online.

    Args:
        access: of the person who asks for it.
        cpu_fallback: whether they do.

    Raises:
        Forbidden: the person is no instructor.
    """
    access.require_instructor()
    return course_edit(
        course=access.course,
        actor=access.membership.user,
        changes={"cpu_fallback": cpu_fallback},
    )
