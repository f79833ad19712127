"""The jobs of the queue: a ring to judge, and the sweep that makes good what was lost."""

import logging
from typing import Any

from celery import shared_task
from celery.signals import worker_ready, worker_shutdown, worker_shutting_down

from evaluators.errors import InfrastructureError
from server.database_faults import PASSING
from server.leaderboards.ending import Ending
from server.leaderboards.gpus import devices_mend, devices_state
from server.leaderboards.hearing import Hearing, ring_heard
from server.leaderboards.presence import Presence
from server.leaderboards.sweeping import Sweeper, sweep_all
from server.leaderboards.worker import Worked, device_sandbox, evaluation_work
from server.submissions.doorbell import ring
from server.submissions.models import Queue
from server.submissions.selectors import queues_waiting

# After one of these the sweep rings, a little later: what is broken may have healed.
REST = {
    Worked.NOTHING_WAITS,
    Worked.NOT_READY,
    Worked.NO_DEVICE,
    Worked.OUR_FAULT,
    Worked.TASK_FAULT,
    Worked.NO_DATABASE,
}

logger = logging.getLogger(__name__)


@shared_task(name="leaderboards.evaluate_next")
def evaluate_next(queue: str) -> None:
    """Judges what waits in a queue, and rings again while more waits."""
    ring_heard()
    worked = evaluation_work(queue=queue)
    if worked in REST:
        return
    try:
        waits = bool(queues_waiting().get(queue))
    except PASSING as error:
        logger.error("The database can't be reached: %s", error)
        waits = True  # whoever hears it looks again
    if waits:
        ring(queue=queue)


@shared_task(name="leaderboards.sweep")
def sweep() -> None:
    """Makes good what was lost, as each worker does by itself."""
    sweep_all()


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
    sweeper = Sweeper(after=Hearing(queues[0]).look)
    sweeper.begin()
    ending = Ending(presence)
    worker_shutting_down.connect(ending.hear, weak=False)
    worker_shutdown.connect(ending.ended, weak=False)
    worker_shutdown.connect(lambda **_: sweeper.end(), weak=False)
    ending.take_signals()
