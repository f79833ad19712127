"""Reads announcements."""

from collections.abc import Sequence

from server.competitions.models import Announcement, Competition
from server.refusals import NotFound

SHOWN = 50


def announcements_of(*, competition: Competition) -> Sequence[Announcement]:
    """A competition's latest announcements, newest first."""
    found = Announcement.objects.filter(competition=competition).select_related("author")
    return list(found.order_by("-id")[:SHOWN])


def announcement_get(*, competition: Competition, announcement_id: int) -> Announcement:
    """Returns an announcement of a competition.

    Raises:
        NotFound: there is none.
    """
    found = Announcement.objects.filter(competition=competition, pk=announcement_id)
    announcement = found.select_related("author", "competition__course").first()
    if announcement is None:
        raise NotFound("There is no such announcement; perhaps it was deleted.")
    return announcement
