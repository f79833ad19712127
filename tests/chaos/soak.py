"""Many students at once, for minutes, against workers that die at random."""

import functools
import os
import random
import signal
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from server.submissions.models import ACTIVE, RUNNING, Evaluation, Score, Submission
from server.submissions.services import MAX_ATTEMPTS
from tests.chaos.arena import Arena, Sent
from tests.chaos.checks import wrong_with
from tests.chaos.remains import remains_of
from tests.chaos.results import Soaked
from tests.chaos.rows import asked, wait_until
from tests.chaos.trial import Trials, orphans_collect
from tests.chaos.uploads import failing, scored
from tests.chaos.world import HALVES, Person

CLIENTS = 20
EACH = 5
SEED = 20
# One in so many submissions can't be loaded.
FAILING = 6
PAUSE_SECONDS = (2.0, 6.0)
END_SECONDS = 240.0
ANY_NUMBER = range(1, 100)


def soak(trials: Trials, *, seconds: int) -> Soaked:
    """Lets students submit once a second in all, and kills a worker every few seconds.

    Args:
        trials: of the stack.
        seconds: for how long; as many submissions are made.
    """
    arena = Arena(trials.stack, trials.world, trials.students)
    people = [arena.world.person() for _ in range(seconds // EACH)]
    before = asked(lambda: Submission.objects.count())
    with ThreadPoolExecutor(CLIENTS) as pool:
        work = [
            pool.submit(_submit_all, arena, person, number, seconds)
            for number, person in enumerate(people)
        ]
        kills = _kill_until(arena, time.monotonic() + seconds)
        for one in work:
            one.result()
    trials.up()
    with suppress(AssertionError):
        wait_until(lambda: not _active(arena), seconds=END_SECONDS, told="the end of all")
    orphans_collect()
    wrong = [*wrong_with(arena), *remains_of(trials.stack)]
    return Soaked(
        stack=trials.stack.name,
        counts=_counts(arena, people, kills, before),
        wrong=tuple(wrong),
    )


def _submit_all(arena: Arena, person: Person, number: int, seconds: int) -> None:
    """One student's submissions, spread over the time; as many students at once as clients."""
    draw = random.Random(SEED * 1000 + number)
    turns = max(1.0, seconds / EACH / CLIENTS)
    for _ in range(EACH):
        upload = failing() if draw.randrange(FAILING) == 0 else scored(practice=0.3)
        submission = arena.students.submit(person, upload, competition=HALVES)
        arena.took(Sent(person, upload, HALVES, submission, struck=False, attempts=ANY_NUMBER))
        time.sleep(draw.uniform(0.5, 1.5) * seconds / EACH / turns)


def _kill_until(arena: Arena, end: float) -> Counter[str]:
    """Kills and freezes workers at random, and starts others in their place."""
    draw = random.Random(SEED)
    kills: Counter[str] = Counter()
    while time.monotonic() < end:
        time.sleep(draw.uniform(*PAUSE_SECONDS))
        worker = draw.choice(arena.stack.workers)
        how = draw.choice(["kill", "kill", "pool", "freeze", "terminate"])
        held = asked(functools.partial(_held_by, worker.process.pid))
        if any(failures >= MAX_ATTEMPTS - 1 for _, failures in held):
            continue  # by its third failure it would rightly end as our fault
        kills[how] += 1
        if how == "kill":
            worker.kill()
        elif how == "terminate":
            worker.process.terminate()
            worker.process.wait()
        elif how == "pool":
            for pool_pid, _ in held:
                with suppress(ProcessLookupError):
                    os.kill(pool_pid, signal.SIGKILL)
        else:
            with arena.frozen(worker):
                time.sleep(arena.stack.timing.lease + 1)
        arena.stack.crew()
    return kills


def _held_by(main_pid: int) -> list[tuple[int, int]]:
    """Which processes of a worker judge something, and how often that has failed."""
    running = Evaluation.objects.filter(status__in=RUNNING, worker__contains=f":{main_pid}/")
    return [
        (int(worker.rpartition("/")[2]), failures)
        for worker, failures in running.values_list("worker", "failures")
    ]


def _active(arena: Arena) -> bool:
    ids = [one.submission for one in arena.sent]
    found = Evaluation.objects.filter(submission__public_id__in=ids, status__in=ACTIVE)
    return asked(found.exists)


def _counts(arena: Arena, people: list[Person], kills: Counter[str], before: int) -> dict[str, int]:
    ids = [one.submission for one in arena.sent]
    evaluations = Evaluation.objects.filter(submission__public_id__in=ids)
    verdicts = Counter(evaluations.values_list("verdict", flat=True))
    scores = Counter(
        Score.objects.filter(evaluation__in=evaluations).values_list(
            "evaluation", "metric", "split"
        )
    )
    judged = Counter(evaluations.values_list("submission", flat=True))
    return {
        "submissions": len(ids),
        "teams": len(people),
        "clients": CLIENTS,
        "workers killed": kills["kill"] + kills["pool"],
        "frozen": kills["freeze"],
        "stopped": kills["terminate"],
        "judged again": evaluations.filter(attempt__gt=1).count(),
        **{verdict or "without verdict": number for verdict, number in verdicts.items()},
        "lost": len(ids) - len(judged),
        "stuck": evaluations.filter(status__in=ACTIVE).count(),
        "double": sum(number > 1 for number in (*scores.values(), *judged.values()))
        + max(0, Submission.objects.count() - before - len(ids)),
    }
