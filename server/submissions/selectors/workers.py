"""Which workers are online, and what they can do now."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from server.clock import database_now
from server.submissions.models import RUNNING, Evaluation, Worker

# A worker that did not write that it lives for so long is taken for dead.
SILENCE = timedelta(seconds=45)
# Between a worker's name and the number of its process that judges.
PROCESS_MARK = "/"


@dataclass(frozen=True, slots=True)
class Capacity:
    """What the workers of a queue can do.

    Attributes:
        workers: how many are online.
        slots: how many evaluations they can judge at once.
        busy: how many of those slots judge something.
        unfit: slots that judge nothing until their device, or the whole worker, is well again;
            not among `slots`.
        left: free slots of the worker that has just failed at what is asked about, and leaves it to
            others.
    """

    workers: int
    slots: int
    busy: int
    unfit: int
    left: int = 0

    @property
    def free(self) -> int:
        """Slots that could judge and have nothing to."""
        return max(0, self.slots - self.busy)

    @property
    def only_left(self) -> bool:
        """Whether slots are free, but only of the worker that leaves it to others."""
        return 0 < self.free <= self.left


@dataclass(frozen=True, slots=True)
class WorkerShown:
    """A worker that is online, and how many evaluations it judges now."""

    worker: Worker
    busy: int

    @property
    def free(self) -> int:
        """Slots that could judge and have nothing to."""
        return max(0, self.worker.slots_well - self.busy)


def workers_online(*, at: datetime) -> QuerySet[Worker]:
    """The workers that are online, by their names."""
    return Worker.objects.filter(seen_at__gt=at - SILENCE).order_by("queue", "name")


def queues_online(*, at: datetime | None = None) -> set[str]:
    """Returns the queues that some worker serves."""
    return set(workers_online(at=at or database_now()).values_list("queue", flat=True))


def workers_shown(*, at: datetime | None = None) -> Sequence[WorkerShown]:
    """Returns the workers that are online with what they do, for operators."""
    judging = _judging()
    return [
        WorkerShown(worker, judging[worker.name])
        for worker in workers_online(at=at or database_now())
    ]


def capacity_of(*, queue: str, at: datetime | None = None, leaving: str = "") -> Capacity:
    """Returns what the workers of a queue that are online can do now.

    Args:
        queue: which.
        at: now.
        leaving: the worker that leaves to others what is asked about; empty for none.
    """
    shown = [one for one in workers_shown(at=at) if one.worker.queue == queue]
    slots = sum(one.worker.slots for one in shown)
    well = sum(one.worker.slots_well for one in shown)
    left = sum(one.free for one in shown if one.worker.name == leaving)
    return Capacity(len(shown), well, sum(one.busy for one in shown), slots - well, left)


def worker_named(taker: str) -> str:
    """The name of a worker, without the number of its process."""
    return taker.rpartition(PROCESS_MARK)[0] or taker


def _judging() -> Counter[str]:
    """How many evaluations run, by the worker's name."""
    held = Evaluation.objects.filter(status__in=RUNNING).values_list("worker", flat=True)
    return Counter(worker.rpartition(PROCESS_MARK)[0] for worker in held)
