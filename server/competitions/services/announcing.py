"""Posts, changes and deletes announcements."""

from django.db import transaction
from django.utils import timezone

from server.accounts.models import User
from server.competitions.models import Announcement, Competition
from server.courses.models import Action
from server.courses.services import action_log


def announcement_post(
    *, competition: Competition, author: User, title: str, text: str
) -> Announcement:
    """Tells everyone something on a competition's page.

    Raises:
        ValidationError: by field, what is wrong with what was given.
    """
    announcement = Announcement(competition=competition, author=author, title=title, text=text)
    announcement.full_clean()
    with transaction.atomic():
        announcement.save()
        _log(announcement, author, Action.ANNOUNCEMENT_POST, after=_content(announcement))
    return announcement


def announcement_edit(
    *, announcement: Announcement, actor: User, title: str, text: str
) -> Announcement:
    """Changes an announcement.

    Raises:
        ValidationError: by field, what is wrong with what was given.
    """
    before = _content(announcement)
    announcement.title, announcement.text = title, text
    announcement.full_clean()
    if _content(announcement) == before:
        return announcement
    announcement.edited = timezone.now()
    with transaction.atomic():
        announcement.save(update_fields=["title", "text", "edited"])
        _log(announcement, actor, Action.ANNOUNCEMENT_EDIT, before, _content(announcement))
    return announcement


def announcement_delete(*, announcement: Announcement, actor: User) -> None:
    """Deletes an announcement; the log keeps its text."""
    with transaction.atomic():
        _log(announcement, actor, Action.ANNOUNCEMENT_DELETE, before=_content(announcement))
        Announcement.objects.filter(pk=announcement.pk).delete()


def _content(announcement: Announcement) -> dict[str, object]:
    return {"title": announcement.title, "text": announcement.text}


def _log(
    announcement: Announcement,
    actor: User,
    action: Action,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
) -> None:
    competition = announcement.competition
    action_log(
        course=competition.course,
        actor=actor,
        action=action,
        subject=f"{competition.slug}: {announcement.title}",
        before=before,
        after=after,
    )
