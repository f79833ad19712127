"""A look at a part that may hang: never two at once, and nobody waits for it for ever."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connections

from server.logs.text import secrets_hidden


@dataclass(frozen=True, slots=True)
class Found:
    """What a look found.

    Attributes:
        ok: whether the part does what it should.
        detail: what is there, or what is wrong and what to do; for operators.
    """

    ok: bool
    detail: str = ""


class Watched:
    """Looks in a thread of its own, and remembers what it found for a while.

    However many ask, one look runs at a time; one that hangs is not begun again, so that a dead
    part costs one thread.

    Args:
        look: returns what it found, or raises what is wrong.
        keep_seconds: how long that holds.
        patience_seconds: how long a look may take.
    """

    def __init__(
        self, look: Callable[[], Found], *, keep_seconds: float, patience_seconds: float
    ) -> None:
        self._look = look
        self._keep = keep_seconds
        self._patience = patience_seconds
        self._lock = threading.Lock()
        self._latest = Found(False, "not looked at yet")
        self._looked = -float("inf")
        self._running: threading.Event | None = None
        self._begun = 0.0

    def found(self) -> Found:
        """Returns what was found lately, or by a look now."""
        with self._lock:
            now = time.monotonic()
            if self._running is None and now - self._looked >= self._keep:
                self._running, self._begun = threading.Event(), now
                threading.Thread(target=self._run, args=(self._running,), daemon=True).start()
            running = self._running
        if running is not None:
            left = self._begun + self._patience - time.monotonic()
            if not running.wait(max(0.0, left)):
                return Found(False, f"no answer for more than {self._patience:g} s")
        with self._lock:
            return self._latest

    def _run(self, done: threading.Event) -> None:
        try:
            found = self._look()
        except Exception as error:
            # Whatever a driver raises, here it is something to tell.
            found = Found(False, secrets_hidden(f"{type(error).__name__}: {error}".strip()))
        finally:
            # This thread's own; nobody else can close them.
            connections.close_all()
        with self._lock:
            self._latest, self._looked, self._running = found, time.monotonic(), None
        done.set()
