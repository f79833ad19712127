"""A database that stands still, starts again, dies or drops its connections."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from tests.chaos.arena import Arena, Sent
from tests.chaos.fault import AT_MOST_THRICE, Fault
from tests.chaos.parts import ServerDatabase
from tests.chaos.stacks import POSTGRESQL
from tests.chaos.uploads import scored
from tests.chaos.world import HALVES

PAUSE_SECONDS = 10
ONLY_SERVERS = (POSTGRESQL,)
ALL_JUDGED = (
    "each is judged; the one submitted meanwhile, too; an upload whose commit got no answer is "
    "collected"
)


def _paused(arena: Arena) -> None:
    _strike(arena, lambda: arena.stack.database.pause(PAUSE_SECONDS))


def _restarted(arena: Arena) -> None:
    _strike(arena, lambda: _server(arena).restart(hard=False))


def _killed(arena: Arena) -> None:
    _strike(arena, lambda: _server(arena).restart(hard=True))


def _cut(arena: Arena) -> None:
    _strike(arena, lambda: _cut_often(arena))


def _cut_often(arena: Arena) -> None:
    assert sum(_server(arena).connections_cut() for _ in range(3)), "nobody was connected"


def _server(arena: Arena) -> ServerDatabase:
    assert isinstance(arena.stack.database, ServerDatabase)
    return arena.stack.database


def _strike(arena: Arena, what: Callable[[], object]) -> None:
    """Does it while one is judged, one waits, and one is being submitted."""
    judged = arena.submit(scored(judged=1.5), attempts=AT_MOST_THRICE)
    for _ in range(2):
        arena.submit(scored(practice=1), attempts=AT_MOST_THRICE)
    arena.reached(judged, "judged")
    late, person = scored(), arena.world.person()
    arena.strike()
    with ThreadPoolExecutor(2) as pool:
        struck = pool.submit(what)
        answer = pool.submit(arena.students.submit, person, late, competition=HALVES)
        struck.result()
        arena.took(
            Sent(person, late, HALVES, answer.result(), struck=True, attempts=AT_MOST_THRICE)
        )


FAULTS = (
    Fault(
        "database/paused",
        f"the database stands still for {PAUSE_SECONDS} s (SQLite: nobody can write)",
        "each is judged, once or again by who holds the lease; the one submitted meanwhile, too",
        _paused,
    ),
    Fault(
        "database/restarted",
        "the database is stopped and started again",
        ALL_JUDGED,
        _restarted,
        stacks=ONLY_SERVERS,
        orphans=True,
    ),
    Fault(
        "database/killed",
        "`kill -9` of the database, which is started again",
        ALL_JUDGED,
        _killed,
        stacks=ONLY_SERVERS,
        orphans=True,
    ),
    Fault(
        "database/cut",
        "the database ends all connections, three times",
        ALL_JUDGED,
        _cut,
        stacks=ONLY_SERVERS,
        orphans=True,
    ),
)
