"""Breaks one stack, in this process."""

import logging
import os
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import django

from tests.chaos.results import Result, Results
from tests.chaos.stack import Timing
from tests.chaos.stacks import stack_made

if TYPE_CHECKING:
    from tests.chaos.fault import Fault
    from tests.chaos.trial import Trials


def stack_break(
    name: str,
    *,
    timing: Timing,
    only: list[str],
    times: int,
    seconds: int,
    soak_seconds: int,
    tell: Callable[[str], None],
) -> Results:
    """Does to a stack what can be done to it.

    Args:
        name: of the stack.
        timing: how fast its server notices.
        only: words; only faults whose titles have one of them; all where there is none.
        times: how often each is done at most.
        seconds: when nothing more is repeated; once all are done in any case.
        soak_seconds: how long the soak lasts; none for 0.
        tell: what happens, line by line.
    """
    results = Results()
    with stack_made(name, timing) as stack:
        # Settings, and all that reads them, are of this stack from here on.
        django.setup()
        logging.getLogger("httpx").setLevel(logging.WARNING)
        from tests.chaos.faults import FAULTS
        from tests.chaos.soak import soak
        from tests.chaos.trial import Trials
        from tests.chaos.world import World

        world = World(stack.folder / "tasks")
        trials = Trials(stack, world, tell)
        trials.up()
        tell("is up")
        chosen = [one for one in FAULTS if not only or any(word in one.title for word in only)]
        results.faults = _rounds(trials, chosen, times, time.monotonic() + seconds)
        if soak_seconds:
            results.soaks.append(soak(trials, seconds=soak_seconds))
            tell(f"soak: {results.soaks[0].line}")
        results.at_the_end = trials.at_the_end()
    return results


def _rounds(trials: "Trials", faults: "list[Fault]", times: int, until: float) -> list[Result]:
    """Does all once, and again as long as there is time."""
    found: dict[str, Result] = {}
    for again in range(times):
        for fault in faults:
            if again and (time.monotonic() > until or found[fault.title].wrong):
                continue
            result = _strike(trials, fault)
            found[fault.title] = found[fault.title].and_again(result) if again else result
    return list(found.values())


def _strike(trials: "Trials", fault: "Fault") -> Result:
    if trials.stack.name not in fault.stacks:
        return trials.skip(fault, "can't happen")
    if fault.needs_root and os.geteuid() != 0:
        return trials.skip(fault, "not run: needs root")
    return trials.run(fault)
