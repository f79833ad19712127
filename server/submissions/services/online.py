"""Keeps the list of the workers that are online."""

import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from server.clock import database_now
from server.submissions.models import Worker
from server.submissions.selectors.workers import SILENCE

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class WorkerDevice:
    """A GPU of a worker.

    Attributes:
        drained: why it is not used; empty if it is well.
    """

    uuid: str
    name: str
    memory_mb: int
    drained: str = ""


def worker_seen(
    *,
    name: str,
    queue: str,
    slots: int,
    started_at: datetime,
    devices: Sequence[WorkerDevice] = (),
) -> Worker:
    """Notes that a worker lives, and how its devices are.

    Args:
        name: its host and the number of its main process.
        queue: which evaluations it judges.
        slots: how many it judges at once.
        started_at: since when it runs.
        devices: its GPUs, one a slot.
    """
    return Worker.objects.update_or_create(
        name=name,
        defaults={
            "queue": queue,
            "slots": slots,
            "devices": [asdict(device) for device in devices],
            "started_at": started_at,
            "seen_at": database_now(),
        },
    )[0]


def worker_trouble(*, name: str, trouble: str) -> None:
    """Notes why a worker can judge nothing, or that it can, if that is new.

    Args:
        name: of the worker; one that is not online is not noted.
        trouble: what is wrong with it; empty if nothing is.
    """
    Worker.objects.filter(name=name).exclude(trouble=trouble).update(trouble=trouble)


def worker_gone(*, name: str) -> None:
    """Takes a worker that ends from the list."""
    Worker.objects.filter(name=name).delete()


def workers_sweep(*, at: datetime | None = None) -> int:
    """Takes workers that fell silent from the list, and returns how many."""
    silent = Worker.objects.filter(seen_at__lte=(at or database_now()) - SILENCE)
    for worker in silent:
        logger.warning("The worker %s has not been heard of since %s", worker, worker.seen_at)
    return silent.delete()[0]
