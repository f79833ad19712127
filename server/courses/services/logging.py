"""Notes what staff do, in the transaction that does it."""

from collections.abc import Mapping

from server.accounts.models import User
from server.courses.models import Action, Course, LoggedAction

SUBJECT_LENGTH = 200


def action_log(
    *,
    course: Course,
    actor: User,
    action: Action,
    subject: str = "",
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> LoggedAction:
    """Adds to a course's log.

    Args:
        course: where it was done.
        actor: who did it.
        action: what was done.
        subject: to what or whom.
        before: the values that were changed, as they were.
        after: the same values, as they are now.
    """
    return LoggedAction.objects.create(
        course=course,
        actor=actor,
        action=action,
        subject=subject[:SUBJECT_LENGTH],
        before=dict(before or {}),
        after=dict(after or {}),
    )
