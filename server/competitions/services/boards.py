"""Counts the changes of what boards are made of, by which unchanged ones are known."""

from django.db import transaction
from django.db.models import F

from server.competitions.models import BoardVersion


def board_touch(*, competition_id: int) -> None:
    """Notes that a board has changed; to be called in the transaction that changes it."""
    with transaction.atomic():
        row = BoardVersion.objects.filter(pk=competition_id)
        if not row.update(version=F("version") + 1):
            new = BoardVersion(competition_id=competition_id)
            BoardVersion.objects.bulk_create([new], ignore_conflicts=True)
            row.update(version=F("version") + 1)
