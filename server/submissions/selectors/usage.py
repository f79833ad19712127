"""What an evaluation took, as finely as its viewer may know it.

A model that has seen hidden inputs can choose how long it computes and how much memory it takes. A
millisecond or a megabyte would carry ten bits of them out, with each submission; so what the judged
stage has a part in is told to participants coarsely, and to staff as it was measured.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from evaluators.report import Stage
from server.submissions.models import Evaluation

# What is over before the model sees a hidden input.
OPEN_STEPS = (Stage.UNPACK.value, Stage.PRACTICE.value)
LEAST_MEMORY_MB = 64.0
SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Usage:
    """What an evaluation took.

    Attributes:
        durations: seconds by step; for participants whole ones, rounded up, from the judged stage.
        peak_memory_mb: for participants the next power of two, from 64; 0 where it isn't known.
        started_at: when its turn came.
        finished_at: when it ended; for participants the next whole second after `started_at`.
    """

    durations: Mapping[str, float]
    peak_memory_mb: float
    started_at: datetime | None
    finished_at: datetime | None


def usage_of(*, evaluation: Evaluation, is_staff: bool) -> Usage:
    """Returns what an evaluation took, for a participant or for the course's staff."""
    exact = Usage(
        evaluation.durations,
        evaluation.peak_memory_mb,
        evaluation.started_at,
        evaluation.finished_at,
    )
    return exact if is_staff else _coarse(exact)


def _coarse(exact: Usage) -> Usage:
    durations = {
        step: seconds if step in OPEN_STEPS else float(math.ceil(seconds))
        for step, seconds in exact.durations.items()
    }
    memory = exact.peak_memory_mb
    if memory > 0:
        memory = max(LEAST_MEMORY_MB, 2.0 ** math.ceil(math.log2(memory)))
    ended = exact.finished_at
    if ended is not None and exact.started_at is not None:
        ended = exact.started_at + math.ceil((ended - exact.started_at) / SECOND) * SECOND
    return Usage(durations, memory, exact.started_at, ended)
