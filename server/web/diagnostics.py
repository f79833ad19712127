"""Diagnostics as the figures of a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from server.submissions.models import Diagnostic

ROWS = 60
LONG = 20
SPLITS = {"practice": "Practice sample", "public": "Public split, groups only"}


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table.

    Attributes:
        text: what stands in it.
        is_number: whether it is set to the right.
    """

    text: str
    is_number: bool

    @property
    def is_long(self) -> bool:
        """Whether it is a text for reading, which needs room."""
        return len(self.text) > LONG


@dataclass(frozen=True, slots=True)
class Figure:
    """A diagnostic with its table.

    Attributes:
        diagnostic: title, caption, and whether there is a picture.
        split: whose items it tells of, in words.
        columns: titles, with whether they are of numbers.
        rows: as many as a page shows.
        more: how many rows there are beside.
        notes: what is left out, and why.
        is_wide: whether it needs the whole width.
    """

    diagnostic: Diagnostic
    split: str
    columns: Sequence[Cell]
    rows: Sequence[Sequence[Cell]]
    more: int
    notes: Sequence[str]
    is_wide: bool


def figures_of(diagnostics: Sequence[Diagnostic]) -> list[Figure]:
    """Arranges diagnostics: pictures first, tables of texts after them."""
    figures = [_figure(diagnostic) for diagnostic in diagnostics]
    return sorted(figures, key=lambda figure: figure.is_wide)


def _figure(diagnostic: Diagnostic) -> Figure:
    data: dict[str, Any] = diagnostic.data
    rows = data["rows"]
    numbers = [
        all(isinstance(row[place], int | float) or row[place] is None for row in rows)
        for place in range(len(data["columns"]))
    ]
    return Figure(
        diagnostic=diagnostic,
        split=SPLITS[diagnostic.split],
        columns=[
            Cell(title, is_number)
            for title, is_number in zip(data["columns"], numbers, strict=True)
        ],
        rows=[
            [Cell(_text(value), is_number) for value, is_number in zip(row, numbers, strict=True)]
            for row in rows[:ROWS]
        ],
        more=max(0, len(rows) - ROWS),
        notes=data["notes"],
        is_wide=not diagnostic.picture_key,
    )


def _text(value: str | int | float | None) -> str:
    return "–" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
