"""A broker that dies, and messages that are lost, doubled and out of order."""

import time

from server.celery import app
from server.ids import public_id
from server.submissions.doorbell import ring
from tests.chaos.arena import Arena, Sent
from tests.chaos.fault import ONCE, Fault
from tests.chaos.uploads import scored
from tests.chaos.world import HALVES

app.set_default()

AWAY_SECONDS = 3
RINGS = 5


def _killed(arena: Arena) -> None:
    running = arena.submit(scored(practice=2))
    arena.reached(running, "practice")
    arena.strike()
    arena.stack.broker.kill()
    try:
        # Taken in at once although nobody can be rung for.
        upload, person, key = scored(), arena.world.person(), public_id()
        taken = arena.students.submit_once(person, upload, competition=HALVES, key=key)
        arena.took(Sent(person, upload, HALVES, taken, struck=True, attempts=ONCE))
        time.sleep(AWAY_SECONDS)
    finally:
        arena.stack.broker.start()
    arena.submit(scored())


def _lost(arena: Arena) -> None:
    for _ in range(4):
        arena.submit(scored())
        arena.stack.broker.lose()
    arena.strike()


def _doubled(arena: Arena) -> None:
    for _ in range(4):
        arena.submit(scored(practice=0.3))
        for _ in range(RINGS):
            ring(queue="cpu")
    arena.strike()


def _shuffled(arena: Arena) -> None:
    for sent in arena.sent:
        arena.ended(sent)
    for worker in arena.stack.workers:
        worker.process.terminate()
        worker.process.wait()
    for _ in range(6):
        arena.submit(scored())
    arena.strike()
    arena.stack.broker.shuffle()
    arena.stack.crew()


FAULTS = (
    Fault(
        "broker/killed",
        f"`kill -9` of the broker, which is away for {AWAY_SECONDS} s and has then lost all "
        "(filesystem: its folder is gone)",
        "submissions are taken in meanwhile; each is judged once",
        _killed,
    ),
    Fault("broker/lost", "all messages are lost", "each is judged once", _lost),
    Fault(
        "broker/doubled",
        f"{RINGS} more messages for every submission",
        "each is judged once",
        _doubled,
    ),
    Fault(
        "broker/shuffled",
        "the messages come in another order",
        "each is judged once",
        _shuffled,
    ),
)
