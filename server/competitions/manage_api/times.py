"""Times of a request: moments, or local times of the course."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_datetime
from rest_framework import serializers

from server.courses.local_times import Moment, Prefer, moment_of

FORM = "Write a time such as 2026-11-27T18:00 (the course's local time) or 2026-11-27T17:00Z."


class LocalTimeField(serializers.CharField):
    """A time that may be a course's local one."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(max_length=40, help_text=FORM, **kwargs)  # type: ignore[arg-type]

    def to_internal_value(self, data: str) -> str:
        """Checks that it is a time.

        Raises:
            ValidationError: it is none.
        """
        text = str(super().to_internal_value(data))
        if _parsed(text) is None:
            raise serializers.ValidationError(FORM)
        return text


def moment_in(*, text: str, zone: ZoneInfo, field: str, prefer: Prefer) -> Moment:
    """Returns the moment that a checked text names in a time zone.

    Raises:
        ValidationError: by field, that there is no such local time.
    """
    parsed = _parsed(text)
    if parsed is None:
        raise ValidationError({field: FORM})
    try:
        return moment_of(local=parsed, zone=zone, prefer=prefer)
    except ValidationError as error:
        raise ValidationError({field: error.messages}) from error


def _parsed(text: str) -> datetime | None:
    try:
        return parse_datetime(text.strip())
    except ValueError:
        return None
