"""A team's submissions, page by page."""

from collections.abc import Sequence
from dataclasses import dataclass

from server.competitions.models import Team
from server.keyset import cursor_decode, cursor_encode
from server.submissions.models import Submission
from server.submissions.selectors.access import submissions_of_team


@dataclass(frozen=True, slots=True)
class SubmissionsPage:
    """Some submissions, newest first.

    Attributes:
        next_cursor: leads to the older ones after these; None at the end.
    """

    rows: Sequence[Submission]
    next_cursor: str | None


def submissions_page(
    *, team: Team | None, cursor: str | None = None, limit: int = 50
) -> SubmissionsPage:
    """Returns a page of a team's submissions; no team has none.

    Raises:
        Unprocessable: the cursor is not valid.
    """
    submissions = submissions_of_team(team=team)
    if cursor:
        (last,) = cursor_decode(cursor, length=1)
        submissions = submissions.filter(pk__lt=last)
    found = list(submissions[: limit + 1])
    more = len(found) > limit
    return SubmissionsPage(found[:limit], cursor_encode([found[limit - 1].pk]) if more else None)
