"""Tells the server that this worker is online, until it ends."""

import logging
import os
import socket
import threading
from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import Error, connections

from evaluators.errors import InfrastructureError
from server.clock import database_now
from server.submissions.selectors import PROCESS_MARK
from server.submissions.services import WorkerDevice, worker_gone, worker_seen

BEAT_SECONDS = 10.0
PATIENCE_SECONDS = 5.0
HOST = socket.gethostname()
# The processes of a worker's pool are forked from its main one, and know it by this.
WORKER = f"{HOST}:{os.getpid()}"

logger = logging.getLogger(__name__)


def process_name() -> str:
    """Names this process of the worker, for whoever reads what it holds."""
    return f"{WORKER}{PROCESS_MARK}{os.getpid()}"


class Presence:
    """A thread that writes every ten seconds that this worker lives, and at its end that it went.

    Args:
        queue: which evaluations the worker judges.
        slots: how many it judges at once.
        devices: asked each time how its GPUs are.
    """

    def __init__(
        self,
        *,
        queue: str,
        slots: int,
        devices: Callable[[], Sequence[WorkerDevice]] = tuple,
    ) -> None:
        self._queue = queue
        self._slots = slots
        self._devices = devices
        self._started: datetime | None = None
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="presence", daemon=True)

    def begin(self) -> None:
        """Puts the worker on the list, and keeps it there."""
        self._write(self._seen)
        self._thread.start()

    def leave(self) -> None:
        """Asks for its end; does not wait, so that a signal's handler may call it."""
        self._ended.set()

    def join(self) -> None:
        """Waits until the worker is off the list; not for long, if the database hangs."""
        self._ended.set()
        self._thread.join(PATIENCE_SECONDS)

    def _run(self) -> None:
        while not self._ended.wait(BEAT_SECONDS):
            self._write(self._seen)
        self._write(lambda: worker_gone(name=WORKER))

    def _seen(self) -> None:
        self._started = self._started or database_now()
        worker_seen(
            name=WORKER,
            queue=self._queue,
            slots=self._slots,
            started_at=self._started,
            devices=self._devices(),
        )

    def _write(self, what: Callable[[], None]) -> None:
        try:
            what()
        except (Error, InfrastructureError) as error:
            logger.warning("The list of workers could not be written: %s", error)
        finally:
            # A process of the pool that is forked later must not inherit an open connection.
            connections.close_all()
