"""What a worker does with an evaluation: judge it under a lease, then finish it or give it back."""

import functools
import logging
import traceback
from contextlib import ExitStack
from enum import StrEnum

from django.conf import settings

from evaluators.devices.device import Device
from evaluators.devices.judging import device_evaluate
from evaluators.devices.slots import HeldDevice, device_take
from evaluators.errors import InfrastructureError, TaskError
from evaluators.evaluate import evaluate
from evaluators.report import EvaluationReport
from evaluators.sandbox import sandbox_select
from evaluators.sandbox.base import Sandbox
from server.competitions.datasets import task_held
from server.leaderboards.gpus import devices_mend, gpu_sandbox, worker_devices
from server.leaderboards.lease import LeaseKeeper
from server.leaderboards.presence import WORKER, process_name
from server.leaderboards.services import evaluation_finish
from server.log_context import log_context
from server.submissions.claim import Claim
from server.submissions.models import Queue
from server.submissions.refusals import StaleClaim
from server.submissions.services import (
    evaluation_claim,
    evaluation_fail,
    evaluation_requeue,
    worker_trouble,
)
from server.submissions.storage import upload_fetched

logger = logging.getLogger(__name__)


class Worked(StrEnum):
    """What came of asking for work."""

    NOT_READY = "this worker can't judge"
    NO_DEVICE = "no device is free and well"
    NOTHING_WAITS = "nothing waits"
    FINISHED = "finished"
    TASK_FAULT = "task fault"
    OUR_FAULT = "our fault"
    LOST = "claim lost"


def evaluation_work(*, queue: str) -> Worked:
    """Judges the fairest waiting evaluation of a queue, if any may start.

    A worker without a sandbox, or on GPUs without a device that is free and well, claims nothing:
    what waits is left to better ones, or to its repair.
    """
    try:
        box = device_sandbox() if queue == Queue.GPU else sandbox()
        held = _device_free(box) if queue == Queue.GPU else None
    except InfrastructureError as error:
        logger.error("This worker can't judge: %s", error)
        worker_trouble(name=WORKER, trouble=str(error))
        return Worked.NOT_READY
    with ExitStack() as after:
        if held is not None:
            after.callback(held.release)
        worker_trouble(name=WORKER, trouble="")
        if queue == Queue.GPU and held is None:
            return Worked.NO_DEVICE
        return _work_next(queue, box, held)


def _device_free(box: Sandbox) -> HeldDevice | None:
    held = device_take(worker_devices())
    if held is None and devices_mend(box):
        held = device_take(worker_devices())
    return held


def _work_next(queue: str, box: Sandbox, held: HeldDevice | None) -> Worked:
    claim = evaluation_claim(queue=queue, worker=process_name())
    if claim is None:
        return Worked.NOTHING_WAITS
    with log_context(
        submission=claim.submission, evaluation=claim.public_id, attempt=claim.token, worker=WORKER
    ):
        worked = _work(claim, box, held)
        logger.info("Evaluation %s, attempt %d: %s", claim.public_id, claim.token, worked)
    return worked


def _work(claim: Claim, box: Sandbox, held: HeldDevice | None) -> Worked:
    try:
        with LeaseKeeper(claim) as keeper:
            judge = functools.partial(_judge, claim, keeper, box)
            report = device_evaluate(held, sandbox=box, judge=judge) if held else judge(None)
        if keeper.lost:
            return Worked.LOST
        evaluation_finish(claim=claim, report=report)
        return Worked.FINISHED
    except StaleClaim:
        return Worked.LOST
    except TaskError as error:
        return _task_fault(claim, error)
    except Exception as error:
        # The outermost boundary: whatever else went wrong is ours, never the participant's.
        fault = InfrastructureError(f"{type(error).__name__}: {error}")
        fault.__cause__ = error
        return _our_fault(claim, fault)


def _judge(
    claim: Claim, keeper: LeaseKeeper, box: Sandbox, device: Device | None
) -> EvaluationReport:
    task_of_claim = task_held(
        slug=claim.task_slug, version=claim.task_version, data_version=claim.data_version
    )
    with task_of_claim as task, upload_fetched(claim) as upload:
        return evaluate(
            prepared=task.prepared,
            upload=upload,
            filename=claim.filename,
            sandbox=box,
            seed=task.seed,
            on_progress=keeper.progress,
            cancelled=keeper.stop,
            device=device,
        )


@functools.cache
def sandbox() -> Sandbox:
    """The sandbox of this process: looked for once, as a trial takes time, and after each fault.

    Raises:
        InfrastructureError: none works here; says what to install.
    """
    return sandbox_select(settings.SANDBOX)


@functools.cache
def device_sandbox() -> Sandbox:
    """The sandbox of this process for programs that get a device; likewise.

    Raises:
        InfrastructureError: none works here; says what to install.
    """
    return gpu_sandbox()


def _task_fault(claim: Claim, error: TaskError) -> Worked:
    logger.error("The task %s has a fault: %s", claim.task_slug, error)
    try:
        evaluation_fail(claim=claim, error=str(error))
    except StaleClaim:
        return Worked.LOST
    return Worked.TASK_FAULT


def _our_fault(claim: Claim, error: InfrastructureError) -> Worked:
    # If the sandbox is broken it must not spoil what else waits: it is tried before the next claim.
    sandbox.cache_clear()
    device_sandbox.cache_clear()
    logger.error("Evaluation %s failed by our fault", claim.public_id, exc_info=error)
    try:
        evaluation_requeue(claim=claim, error="".join(traceback.format_exception(error)))
    except StaleClaim:
        return Worked.LOST
    return Worked.OUR_FAULT
