"""Why an evaluation waits."""

from datetime import datetime

from server.clock import database_now
from server.submissions import waiting
from server.submissions.models import RUNNING, Evaluation, Queue, Status
from server.submissions.notices import Notice
from server.submissions.selectors.queue import cpu_fallback_allowed
from server.submissions.selectors.workers import capacity_of


def waiting_reason(*, evaluation: Evaluation, at: datetime | None = None) -> Notice | None:
    """Returns why an evaluation waits; None if it doesn't wait."""
    if evaluation.status != Status.QUEUED:
        return None
    if Evaluation.objects.filter(team=evaluation.team_id, status__in=RUNNING).exists():
        return waiting.TEAM_RUNS
    now = at or database_now()
    if evaluation.queue == Queue.GPU:
        return _for_a_gpu(evaluation, now)
    capacity = capacity_of(queue=Queue.CPU, at=now)
    if not capacity.workers:
        return waiting.NO_WORKER
    if not capacity.slots:
        return waiting.UNFIT
    return waiting.SOON if capacity.free else waiting.BUSY


def _for_a_gpu(evaluation: Evaluation, now: datetime) -> Notice:
    gpus = capacity_of(queue=Queue.GPU, at=now)
    if not gpus.workers:
        if cpu_fallback_allowed(evaluation=evaluation):
            return _on_a_cpu(now)
        return waiting.NO_GPU_WORKER
    if not gpus.slots:
        return waiting.GPUS_UNFIT
    return waiting.SOON_ON_GPU if gpus.free else waiting.GPUS_BUSY


def _on_a_cpu(now: datetime) -> Notice:
    cpus = capacity_of(queue=Queue.CPU, at=now)
    if not cpus.workers:
        return waiting.NO_WORKER_AT_ALL
    if not cpus.slots:
        return waiting.CPUS_UNFIT
    return waiting.SOON_ON_CPU if cpus.free else waiting.CPUS_BUSY
