"""Lists who belongs to a course."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from server.courses.models import Course, Membership
from server.keyset import cursor_decode, cursor_encode, keyset_after
from server.plain_text import plain_text
from server.refusals import NotFound

ORDER = ("user__username", "id")
SEARCH_LENGTH = 100


@dataclass(frozen=True, slots=True)
class MembersPage:
    """Some members by their user names.

    Attributes:
        next_cursor: leads to those after these; None at the end.
    """

    rows: Sequence[Membership]
    next_cursor: str | None


def members_page(
    *,
    course: Course,
    search: str = "",
    role: str = "",
    cursor: str | None = None,
    limit: int = 50,
) -> MembersPage:
    """Returns a page of a course's members.

    Args:
        course: whose members.
        search: a part of a user name, a name or an email address; everyone where it is empty.
        role: only those of a role; all where it is empty.
        cursor: `next_cursor` of the page before; None for the first page.
        limit: rows of a page.

    Raises:
        Unprocessable: the cursor is not valid.
    """
    members = Membership.objects.filter(course=course).select_related("user")
    if text := plain_text(search.strip(), limit=SEARCH_LENGTH):
        members = members.filter(
            Q(user__username__icontains=text)
            | Q(user__display_name__icontains=text)
            | Q(user__email__icontains=text)
        )
    if role:
        members = members.filter(role=role)
    if cursor:
        members = members.filter(keyset_after(ORDER, cursor_decode(cursor, length=len(ORDER))))
    found = list(members.order_by(*ORDER)[: limit + 1])
    last = found[limit - 1] if len(found) > limit else None
    return MembersPage(
        found[:limit], cursor_encode([last.user.username, last.pk]) if last else None
    )


def member_get(*, course: Course, member_id: int) -> Membership:
    """Returns a member of a course.

    Raises:
        NotFound: the course has no such member.
    """
    member = (
        Membership.objects.filter(course=course, pk=member_id)
        .select_related("user", "course")
        .first()
    )
    if member is None:
        raise NotFound("The course has no such member; perhaps they were removed already.")
    return member
