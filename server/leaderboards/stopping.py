"""How far a worker has come in stopping: its main process tells, all its processes see it.

First it takes nothing more and finishes what it has. When it is told again, or has taken too long,
it gives back what it judges.
"""

import mmap

_TAKES_NOTHING, _GIVES_BACK = 1, 2
# Shared with all processes that are forked from this one, whenever that is.
_how_far = mmap.mmap(-1, 1)


def stop() -> None:
    """The worker takes nothing more."""
    _how_far[0] = max(_how_far[0], _TAKES_NOTHING)


def give_back() -> None:
    """The worker takes nothing more, and gives back what it judges."""
    _how_far[0] = _GIVES_BACK


def takes_nothing() -> bool:
    """Whether the worker takes nothing more."""
    return _how_far[0] >= _TAKES_NOTHING


def gives_back() -> bool:
    """Whether the worker gives back what it judges."""
    return _how_far[0] >= _GIVES_BACK
