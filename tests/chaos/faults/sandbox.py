"""The sandbox, killed from outside."""

import time
from dataclasses import replace

import psutil

from evaluators.verdicts import Verdict
from tests.chaos.arena import Arena
from tests.chaos.fault import Fault
from tests.chaos.uploads import Upload, scored

# After the handshake any end is the submission's: from outside one that was killed looks like one
# that killed itself, which must not earn another attempt.
STARTED_SECONDS = 1.5
THEIRS = "its verdict is runtime_error, and it is not judged again: after the handshake every end "
THEIRS += "is the submission's"


def _practice(arena: Arena) -> None:
    _kill_in(arena, "practice", _ended_early(scored(practice=STARTED_SECONDS + 2), invalid=True))


def _judged(arena: Arena) -> None:
    _kill_in(arena, "judged", _ended_early(scored(judged=STARTED_SECONDS + 2), invalid=False))


def _ended_early(upload: Upload, *, invalid: bool) -> Upload:
    return replace(upload, verdict=Verdict.RUNTIME_ERROR, log_loss=None, invalid=invalid)


def _kill_in(arena: Arena, stage: str, upload: Upload) -> None:
    sent = arena.submit(upload)
    row = arena.reached(sent, stage)
    # Before the handshake it would be ours.
    time.sleep(STARTED_SECONDS)
    below = psutil.Process(row.pool_pid).children(recursive=True)
    [innermost] = [process for process in below if not process.children()]
    arena.strike()
    innermost.kill()


FAULTS = (
    Fault(
        "sandbox/practice",
        "`kill -9` of the submission's process in the practice stage",
        THEIRS,
        _practice,
    ),
    Fault(
        "sandbox/judged",
        "`kill -9` of the submission's process in the judged stage",
        THEIRS,
        _judged,
    ),
)
