"""Workers that are replaced while they work."""

from tests.chaos.arena import Arena
from tests.chaos.fault import Fault
from tests.chaos.uploads import scored


def _rolling(arena: Arena) -> None:
    stack = arena.stack
    sent = [arena.submit(scored(practice=1)) for _ in range(6)]
    arena.reached(sent[0], "practice")
    arena.strike()
    for old in list(stack.workers):
        old.process.terminate()
        stack.worker_start()
        status = old.process.wait(timeout=60)
        assert status == 0, f"{old.name} ended with {status}"


FAULTS = (
    Fault(
        "deploy/rolling",
        "each worker is asked to stop (SIGTERM) while it judges, and a new one started",
        "each is judged in its first attempt; the old workers finish what they have",
        _rolling,
    ),
)
