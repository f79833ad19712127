"""Breaks one stack, in this process."""

import logging
import os
from collections.abc import Callable

import django

from tests.chaos.results import Results
from tests.chaos.stack import Timing
from tests.chaos.stacks import stack_made


def stack_break(
    name: str,
    *,
    timing: Timing,
    only: list[str],
    times: int | None,
    soak_seconds: int,
    tell: Callable[[str], None],
) -> Results:
    """Does to a stack what can be done to it.

    Args:
        name: of the stack.
        timing: how fast its server notices.
        only: words; only faults whose titles have one of them; all where there is none.
        times: how often each is repeated; as often as it says itself without it.
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
        for fault in FAULTS:
            if only and not any(word in fault.title for word in only):
                continue
            if name not in fault.stacks:
                results.faults.append(trials.skip(fault, "can't happen"))
            elif fault.needs_root and os.geteuid() != 0:
                results.faults.append(trials.skip(fault, "not run: needs root"))
            else:
                results.faults.append(trials.run(fault, times=times or fault.times))
        if soak_seconds:
            results.soaks.append(soak(trials, seconds=soak_seconds))
            tell(f"soak: {results.soaks[0].line}")
        results.at_the_end = trials.at_the_end()
    return results
