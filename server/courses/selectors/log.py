"""Reads what was done in a course."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import QuerySet

from server.courses.models import Course, LoggedAction
from server.csv_export import Cell
from server.keyset import cursor_decode, cursor_encode

CHUNK = 500
LOG_HEADER = ("at", "by", "actor", "action", "subject", "before", "after")


@dataclass(frozen=True, slots=True)
class LogPage:
    """Some actions, newest first.

    Attributes:
        next_cursor: leads to the older ones after these; None at the end.
    """

    rows: Sequence[LoggedAction]
    next_cursor: str | None


def log_page(
    *, course: Course, by: str = "", cursor: str | None = None, limit: int = 50
) -> LogPage:
    """Returns a page of what was done in a course.

    Args:
        course: where it was done.
        by: a value of `By`: only what was done as that; all where it is empty.
        cursor: `next_cursor` of the page before; None for the first page.
        limit: rows of a page.

    Raises:
        Unprocessable: the cursor is not valid.
    """
    actions = _actions(course, by)
    if cursor:
        (last,) = cursor_decode(cursor, length=1)
        actions = actions.filter(pk__lt=last)
    found = list(actions[: limit + 1])
    more = len(found) > limit
    return LogPage(found[:limit], cursor_encode([found[limit - 1].pk]) if more else None)


def log_rows(*, course: Course, by: str = "") -> Iterator[Sequence[Cell]]:
    """Yields a row an action, newest first; the table is never in memory as a whole."""
    for each in _actions(course, by).iterator(chunk_size=CHUNK):
        values = (json.dumps(found, cls=DjangoJSONEncoder) for found in (each.before, each.after))
        yield [each.at, each.by, each.who, each.action, each.subject, *values]


def _actions(course: Course, by: str) -> QuerySet[LoggedAction]:
    actions = LoggedAction.objects.filter(course=course)
    if by:
        actions = actions.filter(by=by)
    return actions.select_related("actor").order_by("-id")
