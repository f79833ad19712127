"""Why an evaluation waits."""

from dataclasses import dataclass
from datetime import datetime

from server.clock import database_now
from server.submissions import waiting
from server.submissions.models import RUNNING, Evaluation, Queue, Status
from server.submissions.notices import Notice
from server.submissions.selectors.queue import cpu_fallback_allowed
from server.submissions.selectors.workers import Capacity, capacity_of, worker_named


@dataclass(frozen=True, slots=True)
class Server:
    """Whose workers judge an evaluation as things are now.

    Attributes:
        queue: of the workers.
        capacity: what they can do now.
    """

    queue: str
    capacity: Capacity


@dataclass(frozen=True, slots=True)
class _Reasons:
    """Why an evaluation waits for workers, by how they are."""

    none_online: Notice
    unfit: Notice
    soon: Notice
    busy: Notice


_REASONS = {
    (Queue.CPU, Queue.CPU): _Reasons(waiting.NO_WORKER, waiting.UNFIT, waiting.SOON, waiting.BUSY),
    (Queue.GPU, Queue.GPU): _Reasons(
        waiting.NO_GPU_WORKER, waiting.GPUS_UNFIT, waiting.SOON_ON_GPU, waiting.GPUS_BUSY
    ),
    (Queue.GPU, Queue.CPU): _Reasons(
        waiting.NO_WORKER_AT_ALL, waiting.CPUS_UNFIT, waiting.SOON_ON_CPU, waiting.CPUS_BUSY
    ),
}


def waiting_reason(*, evaluation: Evaluation, at: datetime | None = None) -> Notice | None:
    """Returns why an evaluation waits; None if it doesn't wait."""
    if evaluation.status != Status.QUEUED:
        return None
    found = server_of(evaluation=evaluation, at=at or database_now())
    return reason_of(evaluation=evaluation, server=found)


def server_of(*, evaluation: Evaluation, at: datetime) -> Server:
    """Returns whose workers judge an evaluation as things are."""
    is_left = evaluation.left_until is not None and evaluation.left_until > at
    leaving = worker_named(evaluation.worker) if is_left else ""
    capacity = capacity_of(queue=evaluation.queue, at=at, leaving=leaving)
    if (
        evaluation.queue == Queue.GPU
        and not capacity.workers
        and cpu_fallback_allowed(evaluation=evaluation)
    ):
        return Server(Queue.CPU, capacity_of(queue=Queue.CPU, at=at, leaving=leaving))
    return Server(evaluation.queue, capacity)


def reason_of(*, evaluation: Evaluation, server: Server, position: int = 1) -> Notice:
    """Returns why a waiting evaluation waits.

    Args:
        evaluation: it.
        server: whose workers judge it.
        position: its place among those that wait for them.
    """
    if Evaluation.objects.filter(team=evaluation.team_id, status__in=RUNNING).exists():
        return waiting.TEAM_RUNS
    reasons = _REASONS[Queue(evaluation.queue), Queue(server.queue)]
    capacity = server.capacity
    if not capacity.workers:
        return reasons.none_online
    if not capacity.slots:
        return reasons.unfit
    if position > capacity.free:
        return reasons.busy
    if capacity.only_left:
        return waiting.tried_again(failures=evaluation.failures)
    return reasons.soon
