"""Memory of a container, as the engine tells it."""

import threading
from typing import Any

from evaluators.sandbox.docker.engine import ENGINE_ERRORS, Engine

FIRST_SAMPLE_SECONDS = 0.1
SAMPLE_SECONDS = 0.5


class ContainerMemory:
    """Samples a container's memory in a thread of its own: an answer may take half a second.

    Args:
        engine: where the container is.
        container: its id.
    """

    def __init__(self, engine: Engine, container: str) -> None:
        self._engine = engine
        self._container = container
        self._peak = 0
        self._killed = False
        self._over = threading.Event()
        self._finishing = threading.Lock()
        self._thread = threading.Thread(target=self._sample, daemon=True)
        self._thread.start()

    def out_of_memory(self) -> bool:
        """Whether the kernel is known to have killed one of its processes for memory."""
        return self._killed

    def peak_memory_mb(self) -> float:
        """Largest memory use that was seen, in MB; 0 for what was over before it was looked at."""
        return self._peak / 2**20

    def finish(self) -> None:
        """Looks a last time, once the container has ended and before it is removed."""
        with self._finishing:
            if not self._over.is_set():
                self._over.set()
                self._thread.join()
                self._look()

    def _sample(self) -> None:
        pause = FIRST_SAMPLE_SECONDS
        while not self._over.wait(pause):
            pause = SAMPLE_SECONDS
            self._measure()
            self._look()

    def _measure(self) -> None:
        try:
            stats: dict[str, Any] = self._engine.api.stats(
                self._container, stream=False, one_shot=True
            )
        except ENGINE_ERRORS:
            return
        memory = stats.get("memory_stats") or {}
        # Only version 1 of control groups keeps a maximum.
        self._peak = max(self._peak, memory.get("max_usage", 0), memory.get("usage", 0))

    def _look(self) -> None:
        try:
            state = self._engine.api.inspect_container(self._container)["State"]
        except ENGINE_ERRORS:
            return
        self._killed = self._killed or state.get("OOMKilled") is True
