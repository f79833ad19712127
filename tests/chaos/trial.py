"""Runs faults on a stack, one at a time, and judges what came of each."""

import os
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from server.submissions.models import Submission
from server.submissions.orphans import orphans_delete
from server.submissions.uploads import uploads_sweep
from tests.chaos.arena import Arena
from tests.chaos.checks import wrong_with
from tests.chaos.fault import AT_MOST_THRICE, Fault
from tests.chaos.remains import remains_of, remains_of_dead
from tests.chaos.results import Result
from tests.chaos.rows import asked
from tests.chaos.stack import Stack
from tests.chaos.students import Students
from tests.chaos.uploads import failing, scored
from tests.chaos.world import World

TAIL_CHARACTERS = 2500


class Trials:
    """A stack that is up, with the people for any number of trials.

    Args:
        stack: with its processes.
        world: where the people come from.
        tell: what happens, line by line.
    """

    def __init__(self, stack: Stack, world: World, tell: Callable[[str], None]) -> None:
        self.stack = stack
        self.world = world
        self.students = Students(stack.address)
        self._tell = tell

    def run(self, fault: Fault) -> Result:
        """Strikes once."""
        began = time.monotonic()
        arena = Arena(self.stack, self.world, self.students)
        wrong, evidence = self._once(fault, arena)
        recovery = arena.recovery
        result = Result(
            fault=fault.title,
            does=fault.does,
            right=fault.right,
            stack=self.stack.name,
            recoveries=() if recovery is None else (round(recovery, 2),),
            wrong=tuple(wrong),
            seconds=round(time.monotonic() - began, 1),
        )
        self._tell(f"{fault.title:34} {result.cell}  ({result.seconds:.0f} s)")
        for line in (*wrong, evidence) if wrong else ():
            self._tell(f"    {line}")
        return result

    def skip(self, fault: Fault, why: str) -> Result:
        """What is told of a fault that is not done to this stack."""
        return Result(
            fault=fault.title,
            does=fault.does,
            right=fault.right,
            stack=self.stack.name,
            skipped=why,
        )

    def _once(self, fault: Fault, arena: Arena) -> tuple[list[str], str]:
        """What was wrong; and where, with what the stack's processes then told."""
        self.stack.begin()
        before = asked(lambda: Submission.objects.count())
        try:
            arena.submit(scored(), struck=False, attempts=AT_MOST_THRICE)
            arena.submit(failing(), struck=False, attempts=AT_MOST_THRICE)
            fault.strike(arena)
            arena.wait()
            self.up()
        except Exception as error:
            evidence = f"{traceback.format_exc()}\n{self.stack.tail(TAIL_CHARACTERS)}"
            self.stack.processes_kill()
            self.up()
            return [f"{type(error).__name__}: {error}"], evidence
        if fault.orphans:
            orphans_collect()
        wrong = wrong_with(arena)
        if (new := asked(lambda: Submission.objects.count()) - before) != len(arena.sent):
            wrong.append(f"{new} submissions in the database, but {len(arena.sent)} were taken")
        wrong += remains_of(self.stack)
        evidence = self.stack.tail(TAIL_CHARACTERS) if wrong else ""
        self.stack.left_kill()
        if wrong:
            # The next trial is not blamed for it.
            orphans_collect()
        return wrong, evidence

    def up(self) -> None:
        """What an operator's supervisor does: starts again what has died."""
        if self.stack.web is None or not self.stack.web.alive:
            self.stack.web_start()
        self.stack.crew()

    def at_the_end(self) -> list[str]:
        """Ends all processes, lets one more worker judge, and returns what is still there."""
        self.stack.processes_stop()
        wrong = remains_of(self.stack)
        self.stack.web_start()
        self.stack.crew(1)
        arena = Arena(self.stack, self.world, self.students)
        arena.submit(scored())
        arena.wait()
        wrong += [*wrong_with(arena), *remains_of(self.stack), *remains_of_dead(self.stack)]
        self.stack.processes_stop()
        return wrong


def orphans_collect() -> None:
    """Collects files that no row has, as if they lay there for longer than a day."""
    before = time.time() - 2 * 24 * 3600
    for path in Path(settings.STORAGE_DIR).rglob("*"):
        if path.is_file():
            os.utime(path, (before, before))
    orphans_delete()
    uploads_sweep()
