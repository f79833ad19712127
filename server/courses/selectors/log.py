"""Reads what a course's staff did."""

from collections.abc import Sequence
from dataclasses import dataclass

from server.courses.models import Course, LoggedAction
from server.keyset import cursor_decode, cursor_encode


@dataclass(frozen=True, slots=True)
class LogPage:
    """Some actions, newest first.

    Attributes:
        next_cursor: leads to the older ones after these; None at the end.
    """

    rows: Sequence[LoggedAction]
    next_cursor: str | None


def log_page(*, course: Course, cursor: str | None = None, limit: int = 50) -> LogPage:
    """Returns a page of what was done in a course.

    Raises:
        Unprocessable: the cursor is not valid.
    """
    actions = LoggedAction.objects.filter(course=course).select_related("actor").order_by("-id")
    if cursor:
        (last,) = cursor_decode(cursor, length=1)
        actions = actions.filter(pk__lt=last)
    found = list(actions[: limit + 1])
    more = len(found) > limit
    return LogPage(found[:limit], cursor_encode([found[limit - 1].pk]) if more else None)
