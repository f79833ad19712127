"""What happens when judging fails by our fault or the task's, or a worker stops or dies."""

import logging
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q, QuerySet

from server.clock import database_now
from server.courses.models import Action
from server.database_faults import PASSING
from server.plain_text import without_nul
from server.submissions.attempts import MAX_ATTEMPTS
from server.submissions.claim import Claim
from server.submissions.doorbell import ring_on_commit
from server.submissions.error_gist import error_gist
from server.submissions.models import RUNNING, Evaluation, Status
from server.submissions.notices import OUR_FAULT, TASK_FAULT, Notice
from server.submissions.refusals import StaleClaim
from server.submissions.services.cancelling import end_as_cancelled
from server.submissions.services.claiming import LEASE, claimed
from server.submissions.services.events import submission_for_log, submission_log
from server.submissions.services.telling import instructors_tell_on_commit

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


def evaluation_requeue(*, claim: Claim, error: str, leave: bool = True) -> Status:
    """Gives an evaluation back after a fault of ours; after MAX_ATTEMPTS it ends as an error.

    Args:
        claim: the worker's claim.
        error: what happened, with its traceback, for operators and the course's staff.
        leave: whether this worker leaves it to others for a while, as they may do better at once.

    Raises:
        StaleClaim: the evaluation was taken from the worker meanwhile.
    """
    with transaction.atomic():
        held = _held(claimed(claim))
        status = _again(held, error)
        if leave and status == Status.QUEUED:
            failures = held.values_list("failures", flat=True)[0]
            held.update(left_until=database_now() + LEASE * 2**failures)
        return status


def evaluation_return(*, claim: Claim) -> Status:
    """Gives an evaluation back as its worker must stop: that is no failure, however often.

    Raises:
        StaleClaim: the evaluation was taken from the worker meanwhile.
    """
    with transaction.atomic():
        held = _held(claimed(claim))
        if end_as_cancelled(held.filter(cancel_requested=True)):
            return Status.CANCELLED
        _wait_again(held)
        ring_on_commit(queue=claim.queue)
        return Status.QUEUED


def evaluation_fail(*, claim: Claim, error: str) -> None:
    """Ends an evaluation by a fault of the task: instructors see the error, nobody is charged.

    Raises:
        StaleClaim: the evaluation was taken from the worker meanwhile.
    """
    with transaction.atomic():
        _end(_held(claimed(claim)), TASK_FAULT, error)


def leases_sweep(*, at: datetime | None = None) -> Swept:
    """Takes evaluations from workers whose lease ran out; many may sweep at once."""
    lapsed = Evaluation.objects.filter(_lapsed(at or database_now()))
    ended = []
    for evaluation in list(lapsed.only("pk", "attempt", "worker", "public_id")):
        error = f"The worker {evaluation.worker} fell silent in attempt {evaluation.attempt}."
        held = lapsed.filter(pk=evaluation.pk, attempt=evaluation.attempt)
        try:
            with transaction.atomic():
                # Whoever writes it at this moment, a worker or another sweep, is not waited for.
                ended.append(_again(_held(held, skip_locked=True), error))
        except StaleClaim:
            continue  # its worker has reported again, or another sweep was faster
        except PASSING:
            raise
        except Exception:
            # Whatever is wrong with this one, the others are not to suffer from it.
            logger.exception("Evaluation %s can't be given back", evaluation.public_id)
            continue
        logger.warning("%s (evaluation %s)", error, evaluation.public_id)
    requeued = ended.count(Status.QUEUED)
    return Swept(requeued, len(ended) - requeued)


def _lapsed(now: datetime) -> Q:
    # One that ends later than any lease can was given before the clock was set back.
    return Q(status__in=RUNNING) & (Q(lease_until__lt=now) | Q(lease_until__gt=now + 2 * LEASE))


def _held(evaluation: QuerySet[Evaluation], *, skip_locked: bool = False) -> QuerySet[Evaluation]:
    """Locks an evaluation, so that what is asked of it holds until the transaction ends.

    Raises:
        StaleClaim: it is not held any more.
    """
    locked = evaluation.select_for_update(skip_locked=skip_locked).values_list("pk", flat=True)
    pk = locked.first()
    if pk is None:
        raise StaleClaim
    return Evaluation.objects.filter(pk=pk)


def _again(held: QuerySet[Evaluation], error: str) -> Status:
    if end_as_cancelled(held.filter(cancel_requested=True)):
        return Status.CANCELLED
    held.update(failures=F("failures") + 1)
    if held.filter(failures__gte=MAX_ATTEMPTS).exists():
        _end(held, OUR_FAULT, error)
        return Status.ERROR
    _wait_again(held, error=without_nul(error))
    return Status.QUEUED


def _wait_again(held: QuerySet[Evaluation], **changes: str) -> None:
    # It keeps its place in the queue, and is not charged as begun while it waits.
    held.update(status=Status.QUEUED, lease_until=None, started_at=None, stage="", **changes)


def _end(held: QuerySet[Evaluation], notice: Notice, error: str) -> None:
    """The one place where an evaluation ends by our fault or the task's; in a transaction."""
    held.update(
        status=Status.ERROR,
        message_code=notice.code,
        message_text=notice.text,
        message_help=notice.help,
        error=without_nul(error),
        lease_until=None,
        finished_at=database_now(),
    )
    ended = held.only("pk", "attempt", "worker").get()
    submission = submission_for_log(evaluation_id=ended.pk)
    submission_log(
        submission=submission,
        action=Action.EVALUATION_ERROR,
        after={
            "status": Status.ERROR,
            "fault": notice.code,
            "attempt": ended.attempt,
            "worker": ended.worker,
            "error": error_gist(error),
        },
    )
    instructors_tell_on_commit(submission=submission)
