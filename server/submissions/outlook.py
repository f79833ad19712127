"""What can be said of when a waiting submission's turn comes."""

import math
from dataclasses import dataclass

from server.submissions.notices import Notice

SOON = "It starts in a moment."
NO_WORKER = "When it starts can’t be said before a worker is online."
NO_SLOT = "When it starts can’t be said before a worker is well again."
UNKNOWN = (
    "When it starts can’t be said yet: too little was judged lately to know how long it takes."
)

# What is further away can't be estimated.
MOST_HOURS = 12


@dataclass(frozen=True, slots=True)
class Outlook:
    """When a waiting submission's turn comes.

    Attributes:
        position: its place in the fair order, 1 for the next; None while a worker that fell silent
            still holds it.
        reason: why it waits.
        starts_in_minutes: about how many until it starts, coarsely: 0 for at once; None where that
            can't be said.
        text: the same in a sentence; empty where it has no place.
    """

    position: int | None
    reason: Notice
    starts_in_minutes: int | None
    text: str


def outlook_make(
    *,
    position: int,
    reason: Notice,
    workers: int,
    slots: int,
    free: int,
    mean_seconds: float | None,
    again_seconds: float | None = None,
) -> Outlook:
    """Estimates when a submission starts.

    Args:
        position: its place, 1 for the next.
        reason: why it waits.
        workers: how many are online for it.
        slots: how many evaluations they can judge at once.
        free: how many of those slots judge nothing.
        mean_seconds: how long an evaluation took lately; None where that isn't known.
        again_seconds: until when all that is free leaves it to others; None if it doesn't.
    """
    minutes: int | None = None
    if not workers:
        text = NO_WORKER
    elif not slots:
        text = NO_SLOT
    elif position <= free and again_seconds is not None:
        minutes = _coarse(again_seconds / 60)
        text = f"It starts in {_words(minutes)}."
    elif position <= free:
        minutes, text = 0, SOON
    elif mean_seconds is None:
        text = UNKNOWN
    else:
        minutes = _coarse((position - free) * mean_seconds / slots / 60)
        text = f"It starts in {_words(minutes)}."
    return Outlook(position, reason, minutes, text)


def _coarse(minutes: float) -> int:
    """Whole minutes, then fives, then hours: more isn't known, and finer would tell of others."""
    step = 1 if minutes <= 10 else 5 if minutes <= 60 else 60
    return max(1, math.ceil(minutes / step) * step)


def _words(minutes: int) -> str:
    if minutes == 1:
        return "about a minute"
    if minutes < 60:
        return f"about {minutes} minutes"
    hours = minutes // 60
    if hours > MOST_HOURS:
        return f"more than {MOST_HOURS} hours"
    return "about an hour" if hours == 1 else f"about {hours} hours"
