"""Notes what is done, in the transaction that does it."""

from collections.abc import Mapping

from server.accounts.models import User
from server.courses.models import Action, By, Course, LoggedAction

SUBJECT_LENGTH = 200


def action_log(
    *,
    course: Course,
    actor: User | None,
    action: Action,
    by: By = By.STAFF,
    subject: str = "",
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> LoggedAction:
    """Adds to a course's log.

    Args:
        course: where it was done.
        actor: who did it; None for the server itself.
        action: what was done.
        by: as what somebody did it; whatever no person did was the server's doing.
        subject: to what or whom.
        before: the values that were changed, as they were.
        after: the same values, as they are now.
    """
    return LoggedAction.objects.create(
        course=course,
        actor=actor,
        by=by if actor else By.SERVER,
        action=action,
        subject=subject[:SUBJECT_LENGTH],
        before=dict(before or {}),
        after=dict(after or {}),
    )
