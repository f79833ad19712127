"""An endpoint, and what each of the cast gets there."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    """An endpoint, and the statuses that people get in their order."""

    method: str
    path: str
    statuses: tuple[int, ...]
    data: Callable[[], dict[str, object]] | None = None
    format: str = "json"
