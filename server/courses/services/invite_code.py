"""Changes a course's invite code."""

from django.db import transaction

from server.accounts.models import User
from server.courses.models import Action, Course
from server.courses.services.logging import action_log
from server.ids import invite_code


def invite_code_change(*, course: Course, actor: User, code: str = "") -> Course:
    """Gives a course a new invite code: the old one opens nothing from now on.

    Args:
        course: which one.
        actor: who changes it.
        code: the new one, which may be the old one; drawn where it is empty.
    """
    with transaction.atomic():
        locked = Course.objects.select_for_update(no_key=True).get(pk=course.pk)
        before = locked.invite_code
        if code == before:
            return locked
        locked.invite_code = code or invite_code()
        locked.save(update_fields=["invite_code"])
        action_log(
            course=locked,
            actor=actor,
            action=Action.INVITE_CODE_CHANGE,
            before={"invite_code": before},
            after={"invite_code": locked.invite_code},
        )
    return locked
