"""Keeps a claim alive while its evaluation runs, and shows how far it is."""

import logging
import threading
import time
from contextvars import copy_context
from types import TracebackType
from typing import Self

from django.db import Error, connections

from evaluators.report import Progress
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

logger = logging.getLogger(__name__)


class LeaseKeeper:
    """A thread that renews a claim's lease; a context manager around the work.

    At each look it writes what progress was made, or else asks whether to stop; at least six times
    in a lease it renews it.

    Attributes:
        stop: set when the work is not wanted any more: cancelled, or the claim is lost.
        lost: whether the claim is lost, so that its result must be thrown away.
    """

    def __init__(self, claim: Claim) -> None:
        self.stop = threading.Event()
        self.lost = False
        self._claim = claim
        self._ended = threading.Event()
        self._lock = threading.Lock()
        self._progress: Progress | None = None
        self._renewed = time.monotonic()
        # What it logs is of the evaluation that is judged, too.
        self._thread = threading.Thread(
            target=copy_context().run, args=(self._run,), name="lease", daemon=True
        )

    def progress(self, progress: Progress) -> None:
        """Notes the latest progress, to be written at the next look; quick, from any thread."""
        with self._lock:
            self._progress = progress

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        try:
            while not self._ended.wait(LOOK_SECONDS):
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
            # Past its lease another worker may hold the evaluation already.
            heard = Heartbeat(is_ours=time.monotonic() - self._renewed < LEASE.total_seconds())
        if not heard.is_ours:
            self.lost = True
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
        self._renewed = now
        return heard
