"""A fault: what is done, and what must come of it."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.chaos.arena import Arena
from tests.chaos.stacks import STACKS

# Nothing of it was lost.
ONCE = range(1, 2)
# A lease was lost once, and the submission was judged again.
TWICE = range(2, 3)
# It may have been judged again or not, by what came first; once recorded all the same.
AT_MOST_TWICE = range(1, 3)
# Ours may fail once more while what is broken is being mended.
AT_MOST_THRICE = range(1, 4)


@dataclass(frozen=True, slots=True)
class Fault:
    """A way to break a stack.

    Attributes:
        title: a short name, `part/what`.
        does: what is done, for the table.
        right: what must come of it, beside what must be true after every fault.
        strike: does it to what it submits.
        stacks: on which stacks it can be done.
        orphans: whether it may leave files that only the collection of orphans removes.
        needs_root: whether only root can do it.
    """

    title: str
    does: str
    right: str
    strike: Callable[[Arena], None]
    stacks: tuple[str, ...] = tuple(STACKS)
    orphans: bool = False
    needs_root: bool = False
