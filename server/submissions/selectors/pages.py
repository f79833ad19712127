"""Lists of submissions, page by page."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from server.keyset import cursor_decode, cursor_encode
from server.submissions.models import Submission


@dataclass(frozen=True, slots=True)
class SubmissionsPage:
    """Some submissions, newest first.

    Attributes:
        next_cursor: leads to the older ones after these; None at the end.
    """

    rows: Sequence[Submission]
    next_cursor: str | None


def submissions_page(
    *, submissions: QuerySet[Submission], cursor: str | None = None, limit: int = 50
) -> SubmissionsPage:
    """Returns a page of a list of submissions.

    Args:
        submissions: of `submissions_of_team` or `submissions_of_competition`.
        cursor: `next_cursor` of the page before; None for the first page.
        limit: rows of a page.

    Raises:
        Unprocessable: the cursor is not valid.
    """
    if cursor:
        (last,) = cursor_decode(cursor, length=1)
        submissions = submissions.filter(pk__lt=last)
    found = list(submissions[: limit + 1])
    more = len(found) > limit
    return SubmissionsPage(found[:limit], cursor_encode([found[limit - 1].pk]) if more else None)
