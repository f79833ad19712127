"""Limits that follow from a task's, and are the same in every backend."""

from evaluators.spec import Limits

OPEN_FILES = 1024
# What starting and ending may take beside the time that a program is given.
SPARE_SECONDS = 5


def cpu_seconds(limits: Limits) -> int:
    """Processor time of one process: a second limit behind that of wall time."""
    return limits.wall_seconds * limits.cpus + SPARE_SECONDS
