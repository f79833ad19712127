"""Why an evaluation waits."""

from dataclasses import dataclass
from datetime import datetime

from server.clock import database_now
from server.submissions import waiting
from server.submissions.attempts import MAX_ATTEMPTS
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
    """Returns why an evaluation waits, be it for a worker that fell silent; None if it doesn't."""
    if not evaluation.is_active:
        return None
    now = at or database_now()
    if evaluation.status != Status.QUEUED:
        return silence_reason(evaluation=evaluation, at=now)
    found = server_of(evaluation=evaluation, at=now)
    return reason_of(evaluation=evaluation, server=found, at=now)


def silence_reason(*, evaluation: Evaluation, at: datetime) -> Notice | None:
    """Returns what is told of an evaluation whose worker fell silent; None if it didn't.

    Its lease is over, and nobody has taken it from that worker yet: who does so is a worker, so
    that it stays like this while none is online.

    Args:
        evaluation: it.
        at: now, by the database's clock, as leases are.
    """
    if evaluation.lease_until is None or evaluation.lease_until >= at:
        return None
    if evaluation.cancel_requested:
        return waiting.SILENT_CANCELLED
    # As whoever takes it from its worker counts.
    is_last = evaluation.failures + 1 >= MAX_ATTEMPTS
    return waiting.SILENT_AT_LAST if is_last else waiting.SILENT


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


def reason_of(*, evaluation: Evaluation, server: Server, at: datetime, position: int = 1) -> Notice:
    """Returns why a waiting evaluation waits.

    Args:
        evaluation: it.
        server: whose workers judge it.
        at: now.
        position: its place among those that wait for them.
    """
    # Behind what a silent worker had taken it waits for a worker, like that.
    running = Evaluation.objects.filter(team=evaluation.team_id, status__in=RUNNING)
    if running.filter(lease_until__gte=at).exists():
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
