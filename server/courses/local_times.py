"""Local times of a course as moments, also in the nights when its clocks change."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError

FIRST_YEAR, LAST_YEAR = 2000, 2100
MINUTE = timedelta(minutes=1)
Prefer = Literal["earlier", "later"]


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment that somebody named by a local time.

    Attributes:
        at: the moment, in UTC.
        note: what to tell them where the local time meant two moments; else empty.
    """

    at: datetime
    note: str = ""


def moment_of(*, local: datetime, zone: ZoneInfo, prefer: Prefer) -> Moment:
    """Returns the moment of a local time, in favour of the students where there are two.

    Args:
        local: without a time zone it is a local time; with one it is a moment already.
        zone: the course's time zone.
        prefer: which one to take of two: the earlier for a start, the later for a deadline.

    Raises:
        ValidationError: the clocks skip that time, or its year is far off.
    """
    if not FIRST_YEAR <= local.year < LAST_YEAR:
        raise ValidationError(f"Use a year from {FIRST_YEAR} to {LAST_YEAR - 1}.")
    if local.tzinfo is not None:
        return Moment(local.astimezone(UTC))
    earlier, later = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if earlier == later:
        return Moment(earlier)
    if later < earlier:
        raise ValidationError(_skipped(local, zone, _jump(zone, later, earlier)))
    chosen = earlier if prefer == "earlier" else later
    shown = chosen.astimezone(zone)
    return Moment(
        chosen,
        f"{local:%Y-%m-%d %H:%M} comes twice, as the clocks go back then. The {prefer} one is "
        f"taken: {shown:%H:%M %Z}, {chosen:%H:%M} UTC.",
    )


def _skipped(local: datetime, zone: ZoneInfo, jump: datetime) -> str:
    before, after = (jump - MINUTE).astimezone(zone), jump.astimezone(zone)
    return (
        f"{local:%Y-%m-%d %H:%M} does not exist in {zone.key}: the clocks go forward then. The "
        f"nearest times are {before:%Y-%m-%d %H:%M} and {after:%Y-%m-%d %H:%M}."
    )


def _jump(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """Finds when the clocks go forward between two moments, to the second."""
    old = before.astimezone(zone).utcoffset()
    seconds = int((after - before).total_seconds())
    low, high = 0, seconds
    while high - low > 1:
        middle = (low + high) // 2
        if (before + timedelta(seconds=middle)).astimezone(zone).utcoffset() == old:
            low = middle
        else:
            high = middle
    return before + timedelta(seconds=high)
