"""Makes good what was lost: dead workers' evaluations, rings that nobody heard, broken devices."""

import logging
import threading
from collections.abc import Callable

from django.conf import settings
from django.db import connections

from server.clock import database_now
from server.leaderboards.presence import WORKER
from server.leaderboards.swept import sweep_note
from server.submissions.doorbell import mend_ring, ring
from server.submissions.models import Queue
from server.submissions.selectors import capacity_of, queues_waiting
from server.submissions.services import leases_sweep, workers_sweep

# Enough for the idle workers of a class's server; each that finds work rings for the next.
RINGS_PER_SWEEP = 16
PATIENCE_SECONDS = 2.0

logger = logging.getLogger(__name__)


def sweep_all() -> None:
    """Gives dead workers' evaluations to others, and rings for what could be judged now."""
    swept = leases_sweep()
    if swept.requeued or swept.ended:
        logger.warning("Of dead workers %d wait again, %d ended", swept.requeued, swept.ended)
    workers_sweep()
    for queue, teams in queues_waiting().items():
        capacity = capacity_of(queue=queue)
        # A slot that judges asks for more by itself; rings that nobody can follow would pile up.
        # One that is not well is asked: it may have healed.
        for _ in range(min(teams, capacity.free + capacity.unfit, RINGS_PER_SWEEP)):
            if not ring(queue=queue):
                break  # each in vain may take its time
    # Whichever GPU worker hears it: of several, each does sooner or later.
    for _ in range(min(capacity_of(queue=Queue.GPU).unfit, RINGS_PER_SWEEP)):
        if not mend_ring():
            break
    sweep_note(at=database_now(), by=WORKER)


class Sweeper:
    """A thread of a worker's main process that sweeps at once, and then again and again.

    It does so also while all of the worker's slots judge; many may sweep at one time. So nothing
    that one worker loses waits for longer than any other is there.

    Args:
        after: called after each sweep.
    """

    def __init__(self, after: Callable[[], None]) -> None:
        self._after = after
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sweep", daemon=True)

    def begin(self) -> None:
        """Begins to sweep."""
        self._thread.start()

    def end(self) -> None:
        """Ends it; one that hangs in the database is not waited for."""
        self._ended.set()
        self._thread.join(PATIENCE_SECONDS)

    def _run(self) -> None:
        while True:
            try:
                sweep_all()
                self._after()
            except Exception:
                # Whatever it is, the next one may go well; without any, what is lost stays lost.
                logger.exception("A sweep failed; the next one makes it good")
            finally:
                # A process of the pool that is forked later must not inherit an open connection.
                connections.close_all()
            if self._ended.wait(settings.SWEEP_SECONDS):
                return
