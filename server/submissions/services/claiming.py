"""Hands waiting evaluations to workers, under leases."""

import logging
import random
import time
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet

from evaluators.report import Progress, Stage
from server.clock import database_now
from server.plain_text import without_nul
from server.submissions.claim import Claim, Heartbeat
from server.submissions.models import RUNNING, Evaluation, Status
from server.submissions.selectors.queue import may_judge, waiting_next

LEASE = timedelta(seconds=settings.LEASE_SECONDS)
# Each look in vain means that another worker took something, so that few are enough.
LOOKS = 20
PAUSE_SECONDS = 0.01
# Practice, judging and a scorer of the task's own; and what we need around them.
STAGES = 3
SPARE_SECONDS = 600.0

logger = logging.getLogger(__name__)


def evaluation_claim(*, queue: str, worker: str) -> Claim | None:
    """Takes the fairest evaluation that a worker of a queue may judge; None if none may start.

    None, too, where others were faster many times in a row: they ring for what still waits.

    Args:
        queue: which queue the worker serves.
        worker: who takes it, for operators.
    """
    for look in range(LOOKS):
        with transaction.atomic():
            now = database_now()
            # On PostgreSQL it is locked, and what others have locked is passed over.
            candidate = waiting_next(queue=queue, at=now, worker=worker, lock=True)
            if candidate is None:
                return None
            claim = _take(candidate, queue, worker, now)
        if claim is not None:
            return claim
        time.sleep(random.uniform(0, PAUSE_SECONDS * look))  # noqa: S311 - no secret
    logger.warning("Others were faster %d times in a row", LOOKS)
    return None


def evaluation_heartbeat(*, claim: Claim) -> Heartbeat:
    """Renews a claim's lease."""
    renewed = claimed(claim).update(lease_until=database_now() + LEASE)
    return _heard(claim) if renewed else Heartbeat(is_ours=False)


def evaluation_progress(*, claim: Claim, progress: Progress) -> Heartbeat:
    """Renews a claim's lease and shows how far it is, with what was printed so far."""
    renewed = claimed(claim).update(
        lease_until=database_now() + LEASE,
        status=Status.SCORING if progress.stage == Stage.SCORING else Status.RUNNING,
        stage=progress.stage.value,
        practice_log=without_nul(progress.practice_log.text),
        practice_log_dropped=progress.practice_log.dropped_bytes,
    )
    return _heard(claim) if renewed else Heartbeat(is_ours=False)


def evaluation_watch(*, claim: Claim) -> Heartbeat:
    """Asks whether a claim still holds and whether to stop, without writing anything."""
    return _heard(claim)


def claimed(claim: Claim) -> QuerySet[Evaluation]:
    """The claim's evaluation, or no row once the claim is stale."""
    return Evaluation.objects.filter(
        pk=claim.evaluation_id, attempt=claim.token, status__in=RUNNING
    )


def _heard(claim: Claim) -> Heartbeat:
    requested = claimed(claim).values_list("cancel_requested", flat=True).first()
    return Heartbeat(is_ours=requested is not None, cancel_requested=bool(requested))


def _take(candidate: Evaluation, queue: str, worker: str, now: datetime) -> Claim | None:
    waiting = Q(pk=candidate.pk, status=Status.QUEUED, attempt=candidate.attempt)
    try:
        # A transaction inside: on PostgreSQL the failed statement spoils no more than this one.
        with transaction.atomic():
            # Asked again: a GPU worker may have come online since the candidate was found.
            taken = Evaluation.objects.filter(waiting, may_judge(queue=queue, at=now)).update(
                status=Status.RUNNING,
                attempt=F("attempt") + 1,
                lease_until=now + LEASE,
                started_at=now,
                worker=worker[:120],
                left_until=None,
                stage="",
                practice_log="",
                practice_log_dropped=0,
            )
    except IntegrityError:
        # Another worker has just started another evaluation of this team.
        return None
    if not taken:
        return None
    submission, version = candidate.submission, candidate.task_version
    return Claim(
        evaluation_id=candidate.pk,
        token=candidate.attempt + 1,
        public_id=candidate.public_id,
        submission=submission.public_id,
        queue=candidate.queue,
        task_slug=version.slug,
        task_version=version.version,
        data_version=version.data_version,
        storage_key=submission.storage_key,
        upload_sha256=submission.sha256,
        filename=submission.filename,
        longest=STAGES * version.parsed.limits.wall_seconds + SPARE_SECONDS,
    )
