"""The jobs of the queue: a ring to judge, and the sweep that makes good what was lost."""

import logging
from typing import Any

from celery import shared_task
from celery.signals import worker_ready

from server.leaderboards.worker import Worked, evaluation_work
from server.submissions.doorbell import ring
from server.submissions.selectors import queues_waiting
from server.submissions.services import leases_sweep
from server.submissions.uploads import uploads_sweep

# Enough for the idle workers of a class's server; each that finds work rings for the next.
RINGS_PER_SWEEP = 16

logger = logging.getLogger(__name__)


@shared_task(name="leaderboards.evaluate_next")
def evaluate_next(queue: str) -> None:
    """Judges what waits in a queue, and rings again while more waits."""
    worked = evaluation_work(queue=queue)
    # After a fault of ours the sweep rings, a little later: what is broken may have healed.
    go_on = worked not in (Worked.NOTHING_WAITS, Worked.NOT_READY, Worked.OUR_FAULT)
    if go_on and queues_waiting().get(queue):
        ring(queue=queue)


@shared_task(name="leaderboards.sweep")
def sweep() -> None:
    """Gives dead workers' evaluations to others, and rings for all that wait."""
    swept = leases_sweep()
    uploads_sweep()
    if swept.requeued or swept.ended:
        logger.warning("Of dead workers %d wait again, %d ended", swept.requeued, swept.ended)
    for queue, teams in queues_waiting().items():
        for _ in range(min(teams, RINGS_PER_SWEEP)):
            ring(queue=queue)


@worker_ready.connect
def _sweep_at_start(**_: Any) -> None:
    """What waited for a worker is judged as soon as there is one."""
    sweep.delay()
