"""Workers that die in each stage, in whole or in part, and that freeze."""

import os
import signal
import time
from pathlib import Path

from django.conf import settings

from tests.chaos.arena import Arena, Sent
from tests.chaos.fault import AT_MOST_TWICE, TWICE, Fault
from tests.chaos.rows import Row, wait_until
from tests.chaos.uploads import scored
from tests.chaos.world import SLOWLY

WRITING_TRIES = 20
JUDGED_AGAIN = "judged again by another worker, once"


def _claimed(arena: Arena) -> None:
    sent = arena.submit(scored(practice=1), attempts=TWICE)
    row = arena.claimed(sent)
    _kill(arena, row)
    assert sent.row.stage == "", f"struck too late: {sent.row}"


def _practice(arena: Arena) -> None:
    sent = arena.submit(scored(practice=2), attempts=TWICE)
    _kill(arena, arena.reached(sent, "practice"))


def _judged(arena: Arena) -> None:
    sent = arena.submit(scored(judged=2), attempts=TWICE)
    _kill(arena, arena.reached(sent, "judged"))


def _scoring(arena: Arena) -> None:
    sent = arena.submit(scored(), competition=SLOWLY, attempts=TWICE)
    _kill(arena, arena.reached(sent, "scoring"))


def _writing(arena: Arena) -> None:
    for _ in range(WRITING_TRIES):
        sent = arena.submit(scored())
        row = arena.claimed(sent)
        worker = arena.worker_of(row)
        _first_result_wait(sent)
        with arena.frozen(worker):
            if not sent.row.has_ended:
                sent.attempts = TWICE
                arena.strike()
                worker.kill()
                arena.stack.crew(wait=False)
                return
        sent.struck = False
    raise AssertionError(f"each of {WRITING_TRIES} was recorded before it was struck")


def _first_result_wait(sent: Sent) -> None:
    """Looks as often as can be: only some milliseconds later all is written."""
    row = sent.row
    folder = Path(settings.STORAGE_DIR) / f"results/{row.evaluation}-{row.attempt}"
    until = time.monotonic() + 30
    while not folder.exists():
        assert time.monotonic() < until, f"no {folder}"


def _written(arena: Arena) -> None:
    sent = arena.submit(scored(practice=0.5), struck=False)
    row = arena.reached(sent, "practice")
    arena.ended(sent)
    _kill(arena, row)


def _pool(arena: Arena) -> None:
    sent = arena.submit(scored(practice=2), attempts=TWICE)
    row = arena.reached(sent, "practice")
    arena.strike()
    os.kill(row.pool_pid, signal.SIGKILL)


def _main(arena: Arena) -> None:
    sent = arena.submit(scored(practice=2), attempts=AT_MOST_TWICE)
    row = arena.reached(sent, "practice")
    arena.strike()
    os.kill(row.main_pid, signal.SIGKILL)


def _all(arena: Arena) -> None:
    running = [arena.submit(scored(practice=2), attempts=TWICE) for _ in range(2)]
    waiting = [arena.submit(scored()) for _ in range(2)]
    for sent in running:
        arena.reached(sent, "practice")
    assert not any(sent.row.attempt for sent in waiting)
    arena.strike()
    arena.stack.processes_kill()
    arena.stack.web_start()
    arena.stack.crew()


def _frozen(arena: Arena) -> None:
    sent = arena.submit(scored(practice=1), attempts=TWICE)
    row = arena.reached(sent, "practice")
    arena.strike()
    with arena.frozen(arena.worker_of(row)):
        arena.ended(sent)
    # What it holds is thrown away: it ends its own attempt before it can begin another.
    after = arena.submit(scored(), struck=False)
    arena.ended(after)


def _frozen_and_both(arena: Arena) -> None:
    sent = arena.submit(scored(practice=1, judged=4), attempts=TWICE)
    row = arena.reached(sent, "practice")
    arena.strike()
    with arena.frozen(arena.worker_of(row)):
        wait_until(lambda: sent.row.attempt == 2, seconds=30, told=f"another worker, {sent.row}")


def _kill(arena: Arena, row: Row) -> None:
    arena.strike()
    arena.worker_of(row).kill()
    arena.stack.crew(wait=False)


FAULTS = (
    Fault(
        "worker/claimed",
        "`kill -9` of a worker that has just claimed a submission",
        JUDGED_AGAIN,
        _claimed,
    ),
    Fault(
        "worker/practice",
        "`kill -9` of a worker in the practice stage",
        JUDGED_AGAIN,
        _practice,
    ),
    Fault("worker/judged", "`kill -9` of a worker in the judged stage", JUDGED_AGAIN, _judged),
    Fault("worker/scoring", "`kill -9` of a worker that scores", JUDGED_AGAIN, _scoring),
    Fault(
        "worker/writing",
        "`kill -9` of a worker that writes its results, or is in the transaction that records them",
        JUDGED_AGAIN + "; the dead attempt's files are collected",
        _writing,
        orphans=True,
    ),
    Fault(
        "worker/written",
        "`kill -9` of a worker that has just recorded a verdict",
        "nothing is judged again",
        _written,
    ),
    Fault(
        "worker/pool",
        "`kill -9` of the process that judges; the worker's main process lives",
        JUDGED_AGAIN,
        _pool,
    ),
    Fault(
        "worker/main",
        "`kill -9` of a worker's main process; the one that judges lives",
        "recorded once, by the one that lives or by another worker",
        _main,
    ),
    Fault(
        "worker/all",
        "`kill -9` of the web process and all workers at once, as a power cut; all start again",
        "those that ran are judged again, those that waited for the first time",
        _all,
    ),
    Fault(
        "worker/frozen",
        "SIGSTOP of a worker until another has recorded the verdict, then SIGCONT",
        JUDGED_AGAIN + "; the late result is refused",
        _frozen,
    ),
    Fault(
        "worker/frozen and both",
        "SIGSTOP of a worker until another has begun the submission, then SIGCONT: both judge it",
        "the second's verdict is recorded, the first's is refused",
        _frozen_and_both,
    ),
)
