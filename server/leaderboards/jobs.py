"""The jobs of the queue: a ring to judge, and the sweep that makes good what was lost."""

import logging
from typing import Any

from celery import shared_task
from celery.signals import worker_ready, worker_shutdown, worker_shutting_down
from django.conf import settings

from evaluators.errors import InfrastructureError
from server.leaderboards.gpus import devices_mend, devices_state
from server.leaderboards.presence import Presence
from server.leaderboards.worker import Worked, device_sandbox, evaluation_work
from server.submissions.doorbell import ring
from server.submissions.models import Queue
from server.submissions.selectors import capacity_of, queues_online, queues_waiting
from server.submissions.services import leases_sweep, workers_sweep
from server.submissions.uploads import uploads_sweep

# Enough for the idle workers of a class's server; each that finds work rings for the next.
RINGS_PER_SWEEP = 16
# After one of these the sweep rings, a little later: what is broken may have healed.
REST = {Worked.NOTHING_WAITS, Worked.NOT_READY, Worked.NO_DEVICE, Worked.OUR_FAULT}

logger = logging.getLogger(__name__)


@shared_task(name="leaderboards.evaluate_next")
def evaluate_next(queue: str) -> None:
    """Judges what waits in a queue, and rings again while more waits."""
    worked = evaluation_work(queue=queue)
    if worked not in REST and queues_waiting().get(queue):
        ring(queue=queue)


@shared_task(name="leaderboards.sweep")
def sweep() -> None:
    """Gives dead workers' evaluations to others, and rings for all that wait."""
    swept = leases_sweep()
    workers_sweep()
    uploads_sweep()
    if swept.requeued or swept.ended:
        logger.warning("Of dead workers %d wait again, %d ended", swept.requeued, swept.ended)
    online = queues_online()
    for queue, teams in queues_waiting().items():
        # Where nobody listens, rings would pile up; a worker that comes online sweeps at once.
        if queue in online:
            for _ in range(min(teams, RINGS_PER_SWEEP)):
                ring(queue=queue)
    # Whichever GPU worker hears it: of several, each does sooner or later.
    for _ in range(min(capacity_of(queue=Queue.GPU).unfit, RINGS_PER_SWEEP)):
        mend.apply_async(queue=Queue.GPU.value, expires=settings.SWEEP_SECONDS)


@shared_task(name="leaderboards.mend")
def mend() -> None:
    """Tries a GPU worker's drained devices again, also while nothing waits for them."""
    try:
        devices_mend(device_sandbox())
    except InfrastructureError as error:
        logger.error("Drained devices can't be tried again: %s", error)


@worker_ready.connect
def _begin(sender: Any, **_: Any) -> None:
    """The worker is online, and what waited for it is judged."""
    queues = list(sender.app.amqp.queues.consume_from)
    if len(queues) != 1:
        logger.error("A worker serves one queue, not %s: start it with manage.py worker", queues)
        return
    devices = devices_state if queues[0] == Queue.GPU else tuple
    presence = Presence(queue=queues[0], slots=sender.pool.limit, devices=devices)
    presence.begin()
    # One that takes no more work is not online, though it still finishes what it has.
    worker_shutting_down.connect(lambda **_: presence.leave(), weak=False)
    worker_shutdown.connect(lambda **_: presence.join(), weak=False)
    sweep.apply_async(queue=queues[0])
