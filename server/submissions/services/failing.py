"""What happens when judging fails by our fault or the task's, or a worker dies."""

import logging
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from server.clock import database_now
from server.submissions.claim import Claim
from server.submissions.models import RUNNING, Evaluation, Status
from server.submissions.notices import OUR_FAULT, TASK_FAULT, Notice
from server.submissions.refusals import StaleClaim
from server.submissions.services.cancelling import end_as_cancelled
from server.submissions.services.claiming import claimed

MAX_ATTEMPTS = 3

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep found of workers that died.

    Attributes:
        requeued: evaluations that wait again.
        ended: evaluations that failed too often, or whose cancelling had been asked for.
    """

    requeued: int
    ended: int


def evaluation_requeue(*, claim: Claim, error: str) -> Status:
    """Gives an evaluation back after a fault of ours; after MAX_ATTEMPTS it ends as an error.

    Args:
        claim: the worker's claim.
        error: what happened, with its traceback, for operators and the course's staff.

    Raises:
        StaleClaim: the evaluation was taken from the worker meanwhile.
    """
    return _again(claimed(claim), attempt=claim.token, error=error)


def evaluation_fail(*, claim: Claim, error: str) -> None:
    """Ends an evaluation by a fault of the task: instructors see the error, nobody is charged.

    Raises:
        StaleClaim: the evaluation was taken from the worker meanwhile.
    """
    if not _end(claimed(claim), TASK_FAULT, error):
        raise StaleClaim(claim.public_id)


def leases_sweep(*, at: datetime | None = None) -> Swept:
    """Takes evaluations from workers whose lease ran out."""
    now = at or database_now()
    requeued = ended = 0
    expired = Evaluation.objects.filter(status__in=RUNNING, lease_until__lt=now)
    for evaluation in list(expired.only("pk", "attempt", "worker", "public_id")):
        held = expired.filter(pk=evaluation.pk, attempt=evaluation.attempt)
        error = f"The worker {evaluation.worker} fell silent in attempt {evaluation.attempt}."
        logger.warning("%s (evaluation %s)", error, evaluation.public_id)
        try:
            status = _again(held, attempt=evaluation.attempt, error=error)
        except StaleClaim:
            continue  # it has reported again, or another sweep was faster
        requeued += status == Status.QUEUED
        ended += status != Status.QUEUED
    return Swept(requeued, ended)


def _again(held: QuerySet[Evaluation], *, attempt: int, error: str) -> Status:
    with transaction.atomic():
        if end_as_cancelled(held.filter(cancel_requested=True)):
            return Status.CANCELLED
        if attempt >= MAX_ATTEMPTS:
            if not _end(held, OUR_FAULT, error):
                raise StaleClaim(error)
            return Status.ERROR
        # It keeps its place in the queue, and is not charged as begun while it waits.
        waits = held.update(
            status=Status.QUEUED, lease_until=None, started_at=None, stage="", error=error
        )
        if not waits:
            raise StaleClaim(error)
        return Status.QUEUED


def _end(held: QuerySet[Evaluation], notice: Notice, error: str) -> int:
    return held.update(
        status=Status.ERROR,
        message_code=notice.code,
        message_text=notice.text,
        message_help=notice.help,
        error=error.replace("\x00", "�"),
        lease_until=None,
        finished_at=database_now(),
    )
