"""How a worker ends when it is told to: gently at first, then soon."""

import os
import signal
import threading
from typing import Any

from django.conf import settings

from server.leaderboards.hearing import end_for_good
from server.leaderboards.presence import Presence
from server.leaderboards.stopping import give_back, stop


class Ending:
    """What a worker's main process does at each signal to end.

    At the first it takes nothing more and finishes what it has. At the second, or when that takes
    longer than its grace, it gives back what it judges: others judge it anew, and nobody's
    attempts are used up. SIGINT is the same as SIGTERM, SIGQUIT is both signals at once.

    Args:
        presence: ends at the first: one that takes no more work is not online.
    """

    def __init__(self, presence: Presence) -> None:
        self._presence = presence
        self._grace = threading.Timer(settings.STOP_SECONDS, give_back)
        self._grace.daemon = True
        self._told = False

    def hear(self, **_: Any) -> None:
        """Takes note that the worker was told to end; called by Celery at each SIGTERM."""
        if self._told:
            give_back()
            end_for_good()
            return
        self._told = True
        stop()
        self._presence.leave()
        self._grace.start()

    def ended(self, **_: Any) -> None:
        """All is finished or given back."""
        self._grace.cancel()
        self._presence.join()

    def take_signals(self) -> None:
        """Answers the signals for which Celery would drop what it judges."""
        signal.signal(signal.SIGINT, _as_terminate)
        signal.signal(signal.SIGQUIT, _at_once)


def _as_terminate(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGTERM)


def _at_once(*_: object) -> None:
    give_back()
    _as_terminate()
