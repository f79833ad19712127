"""Rings for the workers. The database is the truth: a lost ring only costs time."""

import logging

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

EVALUATE_JOB = "leaderboards.evaluate_next"
# A ring that nobody has heard by then is made good by the sweep.
RING_EXPIRES_SECONDS = 60

logger = logging.getLogger(__name__)


def ring_on_commit(*, queue: str) -> None:
    """Rings for a queue's workers once the transaction holds."""
    transaction.on_commit(lambda: ring(queue=queue))


def ring(*, queue: str) -> None:
    """Rings for a queue's workers now."""
    try:
        current_app.send_task(
            EVALUATE_JOB, args=[queue], queue=queue, retry=False, expires=RING_EXPIRES_SECONDS
        )
    except (OperationalError, OSError) as error:
        logger.warning("The broker can't be reached, the next sweep will ring again: %s", error)
