"""What a worker does with an evaluation: judge it under a lease, then finish it or give it back."""

import functools
import logging
import traceback
from collections.abc import Callable
from contextlib import ExitStack
from enum import StrEnum

from django.conf import settings
from django.db import connection

from evaluators.devices.device import Device
from evaluators.devices.judging import device_evaluate
from evaluators.devices.slots import HeldDevice, device_take
from evaluators.errors import InfrastructureError, TaskError
from evaluators.evaluate import evaluate
from evaluators.report import EvaluationReport
from evaluators.sandbox import sandbox_select
from evaluators.sandbox.base import Sandbox
from evaluators.verdicts import Verdict
from server.competitions.datasets import task_held
from server.database_faults import PASSING, lasting
from server.leaderboards.gpus import devices_mend, gpu_sandbox, worker_devices
from server.leaderboards.lease import LeaseKeeper
from server.leaderboards.presence import WORKER, process_name
from server.leaderboards.services import evaluation_finish
from server.leaderboards.stopping import takes_nothing
from server.logs.context import log_context
from server.submissions.claim import Claim
from server.submissions.models import Queue
from server.submissions.refusals import StaleClaim
from server.submissions.services import (
    evaluation_claim,
    evaluation_fail,
    evaluation_requeue,
    evaluation_return,
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
    GIVEN_BACK = "given back"
    LOST = "claim lost"
    STOPPING = "this worker takes nothing more"
    NO_DATABASE = "the database can't be reached"


def evaluation_work(*, queue: str) -> Worked:
    """Judges the fairest waiting evaluation of a queue, if any may start.

    A worker without a sandbox, or on GPUs without a device that is free and well, claims nothing:
    what waits is left to better ones, or to its repair. Nor does one that stops.
    """
    if takes_nothing():
        return Worked.STOPPING
    try:
        return _work_if_able(queue)
    except PASSING as error:
        logger.error("The database can't be reached: %s", error)
        connection.close()
        return Worked.NO_DATABASE


def _work_if_able(queue: str) -> Worked:
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
    # The lease is kept until all is written: that, too, may take its time.
    with LeaseKeeper(claim) as keeper:
        try:
            return _work_kept(claim, keeper, box, held)
        except StaleClaim:
            return Worked.LOST
        except PASSING as error:
            # Nothing more can be written. When the lease is over, it is given to another.
            logger.error("The database took nothing more of %s: %s", claim.public_id, error)
            return Worked.LOST


def _work_kept(claim: Claim, keeper: LeaseKeeper, box: Sandbox, held: HeldDevice | None) -> Worked:
    try:
        judge = functools.partial(_judge, claim, keeper, box)
        report = device_evaluate(held, sandbox=box, judge=judge) if held else judge(None)
        return _judged(claim, keeper, report)
    except (StaleClaim, *PASSING):
        raise
    except TaskError as error:
        return _task_fault(claim, keeper, error)
    except Exception as error:
        # The outermost boundary: whatever else went wrong is ours, never the participant's.
        fault = InfrastructureError(f"{type(error).__name__}: {error}")
        fault.__cause__ = error
        # Where a device broke and is out of service now, the worker's others may be well.
        return _our_fault(claim, keeper, fault, leave=held is None or not held.is_drained)


def _judged(claim: Claim, keeper: LeaseKeeper, report: EvaluationReport) -> Worked:
    if keeper.lost:
        return Worked.LOST
    if report.verdict is Verdict.CANCELLED and not keeper.cancelled:
        # Nobody asked for that: the worker must stop.
        _write(keeper, lambda: evaluation_return(claim=claim))
        return Worked.GIVEN_BACK
    evaluation_finish(claim=claim, report=report, worth_it=lambda: not keeper.lost)
    return Worked.FINISHED


def _judge(
    claim: Claim, keeper: LeaseKeeper, box: Sandbox, device: Device | None
) -> EvaluationReport:
    task_of_claim = task_held(
        slug=claim.task_slug, version=claim.task_version, data_version=claim.data_version
    )
    with ExitStack() as held:
        try:
            task = held.enter_context(task_of_claim)
        except TaskError as error:
            # What this machine lacks is no fault of the task's: another may have it.
            raise InfrastructureError(str(error)) from error
        upload = held.enter_context(upload_fetched(claim))
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


def _task_fault(claim: Claim, keeper: LeaseKeeper, error: TaskError) -> Worked:
    logger.error("The task %s has a fault: %s", claim.task_slug, error)
    _write(keeper, lambda: evaluation_fail(claim=claim, error=str(error)))
    return Worked.TASK_FAULT


def _our_fault(
    claim: Claim, keeper: LeaseKeeper, error: InfrastructureError, *, leave: bool
) -> Worked:
    # If the sandbox is broken it must not spoil what else waits: it is tried before the next claim.
    sandbox.cache_clear()
    device_sandbox.cache_clear()
    logger.error("Evaluation %s failed by our fault", claim.public_id, exc_info=error)
    told = "".join(traceback.format_exception(error))
    _write(keeper, lambda: evaluation_requeue(claim=claim, error=told, leave=leave))
    return Worked.OUR_FAULT


def _write(keeper: LeaseKeeper, write: Callable[[], object]) -> None:
    """Writes what came of an evaluation, as soon as the database takes it."""
    lasting(write, worth_it=lambda: not keeper.lost)
