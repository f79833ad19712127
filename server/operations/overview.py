"""How the whole installation is: what the operations page and its twin in the API show."""

import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import version

import django
from django.conf import settings
from django.db import connection

from server.clock import database_now
from server.leaderboards.swept import LastSweep, sweep_last
from server.operations.disk import Disk, disk_of
from server.operations.queue_state import (
    Depth,
    Load,
    last_errors,
    queue_depths,
    queue_loads,
    tried_again,
)
from server.operations.readiness import Part, State, readiness
from server.operations.stuck import Stuck, stuck_find
from server.operations.watched import Found
from server.submissions.models import Evaluation
from server.submissions.selectors import WorkerShown, workers_shown

# A sweep may come late once; then nobody sweeps.
SWEEPS_MISSED = 3


@dataclass(frozen=True, slots=True)
class Overview:
    """How everything is at one moment.

    Attributes:
        at: the moment, by the database's clock.
        state: of the whole server.
        parts: what was found of each part.
        workers: those that are online.
        depths: what has not ended, by queue and state.
        loads: the competitions that have most of that.
        stuck: what neither moves nor will.
        again: what has not ended and was claimed more than once.
        errors: what ended by our fault or a task's, the latest first.
        sweep: the last sweep; None if none is known.
        disk: room and the database's size.
        versions: of the programs.
    """

    at: datetime
    state: State
    parts: Mapping[Part, Found]
    workers: Sequence[WorkerShown]
    depths: Sequence[Depth]
    loads: Sequence[Load]
    stuck: Sequence[Stuck]
    again: Sequence[Evaluation]
    errors: Sequence[Evaluation]
    sweep: LastSweep | None
    disk: Disk
    versions: Mapping[str, str]

    @property
    def sweep_is_late(self) -> bool:
        """Whether nobody seems to sweep."""
        if self.sweep is None:
            return True
        return self.at - self.sweep.at > timedelta(seconds=SWEEPS_MISSED * settings.SWEEP_SECONDS)


def overview() -> Overview:
    """Looks at everything."""
    now = database_now()
    ready = readiness()
    return Overview(
        at=now,
        state=ready.state,
        parts=ready.parts,
        workers=workers_shown(at=now),
        depths=queue_depths(),
        loads=queue_loads(),
        stuck=stuck_find(at=now),
        again=tried_again(),
        errors=last_errors(),
        sweep=sweep_last(),
        disk=disk_of(),
        versions=_versions(),
    )


def _versions() -> dict[str, str]:
    return {
        "Python": platform.python_version(),
        "Django": django.get_version(),
        "Celery": version("celery"),
        "Database": f"{connection.vendor} {_database_version()}",
    }


def _database_version() -> str:
    return ".".join(str(number) for number in connection.get_database_version())
