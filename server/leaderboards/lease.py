"""Keeps a claim alive while its evaluation runs, and shows how far it is."""

import logging
import threading
import time
from collections.abc import Callable
from contextvars import copy_context
from types import TracebackType
from typing import Self

from django.db import Error, connections

from evaluators.report import Progress
from server.leaderboards.stopping import gives_back
from server.submissions.claim import Claim, Heartbeat
from server.submissions.services import (
    LEASE,
    evaluation_heartbeat,
    evaluation_progress,
    evaluation_watch,
)

BEAT_SECONDS = LEASE.total_seconds() / 6
# A participant who cancels sees it end within two seconds.
LOOK_SECONDS = min(0.5, BEAT_SECONDS)
# What hangs longer in a query when the work is done is left to itself.
PATIENCE_SECONDS = 2.0

logger = logging.getLogger(__name__)


class LeaseKeeper:
    """Two threads that keep a claim; a context manager around the work.

    One asks the database: at each look it writes what progress was made, or else asks whether to
    stop; at least six times in a lease it renews it. As a query may hang for as long as the
    database does, another stops the work when the lease is over by this machine's own clock that
    nobody sets, or when the worker has to give back what it judges.

    Attributes:
        stop: set when the work is to end: cancelled, given back, or the claim is lost.
        cancelled: whether cancelling was asked for.
    """

    def __init__(self, claim: Claim) -> None:
        self.stop = threading.Event()
        self.cancelled = False
        self._claim = claim
        self._refused = False
        self._ended = threading.Event()
        self._lock = threading.Lock()
        self._progress: Progress | None = None
        self._began = self._renewed = time.monotonic()
        self._asking = self._thread("lease", self._ask)
        self._watching = self._thread("lease-watch", self._watch)

    @property
    def lost(self) -> bool:
        """Whether the claim is lost, so that its result must be thrown away."""
        now = time.monotonic()
        # A worker that was frozen sees it here before either thread runs again. What hangs in our
        # own code is given up, too, so that it is judged elsewhere.
        if now - self._renewed >= LEASE.total_seconds() or now - self._began >= self._claim.longest:
            self._refused = True
        return self._refused

    def progress(self, progress: Progress) -> None:
        """Notes the latest progress, to be written at the next look; quick, from any thread."""
        with self._lock:
            self._progress = progress

    def __enter__(self) -> Self:
        self._asking.start()
        self._watching.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._watching.join()
        self._asking.join(PATIENCE_SECONDS)
        if self._asking.is_alive():
            # Whatever it still writes is refused unless the claim holds.
            logger.warning("A heartbeat still hangs in the database; it is left behind")

    def _thread(self, name: str, run: Callable[[], None]) -> threading.Thread:
        # What it logs is of the evaluation that is judged, too.
        return threading.Thread(target=copy_context().run, args=(run,), name=name, daemon=True)

    def _watch(self) -> None:
        while not self._ended.wait(LOOK_SECONDS):
            if self.lost or gives_back():
                self.stop.set()

    def _ask(self) -> None:
        try:
            while not self._ended.wait(LOOK_SECONDS) and not self.lost:
                self._look()
        finally:
            # This thread's own connection; nobody else can close it.
            connections.close_all()

    def _look(self) -> None:
        with self._lock:
            progress, self._progress = self._progress, None
        try:
            heard = self._report(progress)
        except Error as error:
            logger.warning("The database did not take a heartbeat: %s", error)
            # It may be dead: the next look opens another.
            connections.close_all()
            return
        if not heard.is_ours:
            self._refused = True
        self.cancelled = self.cancelled or heard.cancel_requested
        if not heard.is_ours or heard.cancel_requested:
            self.stop.set()

    def _report(self, progress: Progress | None) -> Heartbeat:
        now = time.monotonic()
        if progress is not None:
            heard = evaluation_progress(claim=self._claim, progress=progress)
        elif now - self._renewed >= BEAT_SECONDS:
            heard = evaluation_heartbeat(claim=self._claim)
        else:
            return evaluation_watch(claim=self._claim)
        # From before it was asked: by then the database had not begun to count.
        self._renewed = now
        return heard
