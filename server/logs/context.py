"""What the lines of a log have in common while one thing is done: whose request, which attempt."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType

Value = str | int
_context: ContextVar[Mapping[str, Value]] = ContextVar(
    "log_context", default=MappingProxyType[str, Value]({})
)


@contextmanager
def log_context(**names: Value) -> Iterator[None]:
    """Adds names to all that is logged within.

    A thread that is started within knows them if it runs in `contextvars.copy_context()`.
    """
    before = _context.set(MappingProxyType({**_context.get(), **names}))
    try:
        yield
    finally:
        _context.reset(before)


def log_names() -> Mapping[str, Value]:
    """The names that hold now."""
    return _context.get()
