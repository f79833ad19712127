"""Clocks that are wrong by an hour."""

from pathlib import Path

from tests.chaos.arena import Arena
from tests.chaos.fault import AT_MOST_TWICE, Fault
from tests.chaos.stacks import POSTGRESQL, SQLITE
from tests.chaos.uploads import scored
from tests.server.processes import ROOT

HOUR = 3600
# Longer than a lease, so that it must be renewed.
LONG_SECONDS = 5
# Far less than an hour, and so long that no lease is over because the machine is busy.
PATIENT_LEASE = {"SPRINGBOARD_LEASE_SECONDS": "20"}


def _ahead(arena: Arena) -> None:
    _worker_off(arena, HOUR)


def _behind(arena: Arena) -> None:
    _worker_off(arena, -HOUR)


def _jump_ahead(arena: Arena) -> None:
    _all_jump(arena, HOUR)


def _jump_back(arena: Arena) -> None:
    _all_jump(arena, -HOUR)


def _worker_off(arena: Arena, seconds: int) -> None:
    """One of two workers has another clock than all others."""
    stack = arena.stack
    for sent in arena.sent:
        arena.ended(sent)
    stack.workers[0].process.terminate()
    stack.workers[0].process.wait()
    stack.crew(2, changes=_clock(stack.folder, seconds))
    arena.strike()
    long = [arena.submit(scored(practice=LONG_SECONDS)) for _ in range(2)]
    rows = [arena.reached(one, "practice") for one in long]
    assert len({row.main_pid for row in rows}) == 2, "each of the two workers must have one"
    for one in long:
        arena.ended(one)
    stack.processes_stop()


def _all_jump(arena: Arena, seconds: int) -> None:
    """The clock of the one machine jumps while something is judged."""
    stack = arena.stack
    for sent in arena.sent:
        arena.ended(sent)
    stack.processes_kill()
    clock = _clock(stack.folder, 0) | PATIENT_LEASE
    stack.web_start(**clock)
    stack.crew(2, changes=clock)
    long = [arena.submit(scored(practice=LONG_SECONDS), attempts=AT_MOST_TWICE) for _ in range(2)]
    for one in long:
        arena.reached(one, "practice")
    arena.strike()
    _set(stack.folder, seconds)
    arena.submit(scored())
    for one in arena.sent:
        arena.ended(one)
    stack.processes_stop()


def _clock(folder: Path, seconds: int) -> dict[str, str]:
    """What makes a process, and its children outside sandboxes, see another time."""
    libraries = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    assert libraries, "libfaketime is missing: apt-get install faketime"
    _set(folder, seconds)
    return {
        "LD_PRELOAD": str(libraries[0]),
        "FAKETIME_TIMESTAMP_FILE": str(folder / "clock"),
        "FAKETIME_NO_CACHE": "1",
        # Machines disagree about what time it is, not about how long something takes.
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "FAKETIME_DONT_RESET": "1",
        "PYTHONPATH": f"{_python_path(folder)}:{ROOT}",
    }


def _python_path(folder: Path) -> Path:
    """Libfaketime can't sleep until a monotonic time, as Python does: here it sleeps for a time."""
    path = folder / "python"
    path.mkdir(exist_ok=True)
    (path / "sitecustomize.py").write_text(
        "import select\n"
        "import time\n\n"
        "time.sleep = lambda seconds: select.select([], [], [], seconds) and None\n"
    )
    return path


def _set(folder: Path, seconds: int) -> None:
    # At once: whoever reads it in between would see the true time.
    aside = folder / "clock.aside"
    aside.write_text(f"{seconds:+d}s\n")
    aside.rename(folder / "clock")


FAULTS = (
    Fault(
        "clock/worker ahead",
        "the clock of one of two workers is an hour ahead",
        "each worker judges one longer than a lease, in one attempt",
        _ahead,
        stacks=(POSTGRESQL,),
    ),
    Fault(
        "clock/worker behind",
        "the clock of one of two workers is an hour behind",
        "each worker judges one longer than a lease, in one attempt",
        _behind,
        stacks=(POSTGRESQL,),
    ),
    Fault(
        "clock/jump ahead",
        "the clock of the machine, and so of all, jumps an hour ahead while two are judged",
        "each is judged, again at most once",
        _jump_ahead,
        stacks=(SQLITE,),
    ),
    Fault(
        "clock/jump back",
        "the clock of the machine, and so of all, jumps an hour back while two are judged",
        "each is judged, again at most once",
        _jump_back,
        stacks=(SQLITE,),
    ),
)
