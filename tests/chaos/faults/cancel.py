"""Students who cancel what is being judged."""

from dataclasses import replace

from evaluators.verdicts import Verdict
from tests.chaos.arena import Arena, Sent
from tests.chaos.fault import Fault
from tests.chaos.uploads import Upload, scored
from tests.chaos.world import HALVES, SLOWLY

# So long that nothing of it ends by itself meanwhile.
LONG_SECONDS = 45
SOON = "its sandbox is ended, and its verdict is cancelled"


def _practice(arena: Arena) -> None:
    _cancel_in(arena, "practice", scored(practice=LONG_SECONDS))


def _judged(arena: Arena) -> None:
    _cancel_in(arena, "judged", scored(judged=LONG_SECONDS))


def _scoring(arena: Arena) -> None:
    _cancel_in(arena, "scoring", scored(), competition=SLOWLY)


def _dead(arena: Arena) -> None:
    upload = replace(_cancelled(scored(practice=LONG_SECONDS)), charged=False)
    sent = arena.submit(upload)
    worker = arena.worker_of(arena.reached(sent, "practice"))
    worker.kill()
    _cancel(arena, sent)
    arena.stack.crew(wait=False)


def _cancel_in(arena: Arena, stage: str, upload: Upload, competition: str = HALVES) -> None:
    sent = arena.submit(_cancelled(upload), competition=competition)
    arena.reached(sent, stage)
    _cancel(arena, sent)


def _cancelled(upload: Upload) -> Upload:
    return replace(upload, verdict=Verdict.CANCELLED, log_loss=None)


def _cancel(arena: Arena, sent: Sent) -> None:
    arena.strike()
    arena.students.cancel(sent.person, sent.submission)


FAULTS = (
    Fault("cancel/practice", "a student cancels in the practice stage", SOON, _practice),
    Fault("cancel/judged", "a student cancels in the judged stage", SOON, _judged),
    Fault("cancel/scoring", "a student cancels while a task's own scorer runs", SOON, _scoring),
    Fault(
        "cancel/dead",
        "a student cancels what a worker judged that was just killed",
        "its verdict is cancelled once the lease is over, and nobody is charged",
        _dead,
    ),
)
