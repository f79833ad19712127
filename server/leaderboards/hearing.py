"""Whether a worker hears the bell: its connection to the broker may be dead and nobody notice.

After a broker was lost more than once, Celery's consumer may never ask it again. Then what waits
would wait for ever, if this were the only worker.
"""

import logging
import mmap
import os
import signal
import threading

from server.leaderboards.presence import WORKER
from server.leaderboards.stopping import takes_nothing
from server.submissions.selectors import queues_waiting, workers_shown

# So many sweeps in a row that rang for nobody: others may be faster a few times.
SWEEPS = 5
_BYTES = 8
# How many rings the worker's processes have heard, all together.
_rings = mmap.mmap(-1, _BYTES)
_deaf = threading.Event()

logger = logging.getLogger(__name__)


def ring_heard() -> None:
    """A process of the worker has heard a ring. One that is not counted does no harm."""
    number = int.from_bytes(_rings[:], "little") + 1
    _rings[:] = (number % 2 ** (8 * _BYTES)).to_bytes(_BYTES, "little")


def is_deaf() -> bool:
    """Whether the worker ends as it heard nothing."""
    return _deaf.is_set()


def end_for_good() -> None:
    """The worker was told to end, and does not begin anew."""
    _deaf.clear()


class Hearing:
    """Looks after each sweep whether rings reach the worker, and ends it gently if they don't.

    Args:
        queue: of the worker.
    """

    def __init__(self, queue: str) -> None:
        self._queue = queue
        self._before = _rings[:]
        self._in_vain = 0

    def look(self) -> None:
        """To be called after each sweep: by now something rang if a slot of ours could judge."""
        heard, self._before = _rings[:] != self._before, _rings[:]
        self._in_vain = 0 if heard or not self._could_judge() else self._in_vain + 1
        if self._in_vain >= SWEEPS and not takes_nothing():
            logger.error("This worker hears no ring though submissions wait: it begins anew")
            _deaf.set()
            os.kill(os.getpid(), signal.SIGTERM)

    def _could_judge(self) -> bool:
        free = any(
            one.worker.name == WORKER and one.worker.slots_well > one.busy
            for one in workers_shown()
        )
        return free and bool(queues_waiting().get(self._queue))
