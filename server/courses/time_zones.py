"""The time zone in which a course's days begin and end."""

from zoneinfo import available_timezones

from django.core.exceptions import ValidationError


def validate_time_zone(name: str) -> None:
    """Refuses what is no name of the IANA database.

    Raises:
        ValidationError: it is none.
    """
    if name not in available_timezones():
        raise ValidationError(f"{name!r} is no time zone; write one such as Europe/Prague.")
