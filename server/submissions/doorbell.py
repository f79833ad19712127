"""Rings for the workers. The database is the truth: a lost ring only costs time."""

import logging

from celery import current_app
from django.db import transaction

from server.submissions.models import Queue

EVALUATE_JOB = "leaderboards.evaluate_next"
MEND_JOB = "leaderboards.mend"
# A ring that nobody has heard by then is made good by the sweep.
RING_EXPIRES_SECONDS = 60

logger = logging.getLogger(__name__)


def ring_on_commit(*, queue: str) -> None:
    """Rings for a queue's workers once the transaction holds."""
    # What is written stays written, whatever the bell does.
    transaction.on_commit(lambda: ring(queue=queue), robust=True)


def ring(*, queue: str) -> bool:
    """Rings for a queue's workers now; returns whether the broker took it."""
    return _send(EVALUATE_JOB, queue, queue=queue)


def mend_ring() -> bool:
    """Rings for some GPU worker to try its drained devices again; likewise."""
    return _send(MEND_JOB, queue=Queue.GPU)


def _send(job: str, *arguments: str, queue: str) -> bool:
    try:
        current_app.send_task(
            job, args=arguments, queue=queue, retry=False, expires=RING_EXPIRES_SECONDS
        )
    except Exception as error:
        # A broker's refusals are of many kinds, and none is a reason to refuse what is written.
        logger.warning("The broker takes no ring, the next sweep will ring again: %s", error)
        return False
    return True
