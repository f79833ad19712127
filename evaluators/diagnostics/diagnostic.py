"""A diagnostic before it is drawn: a small table, a sentence how to read it, perhaps a picture."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from evaluators.report import Split

Cell: TypeAlias = str | int | float | None
Draw: TypeAlias = Callable[[], bytes]
# A page and an answer of the API hold several of them.
DATA_BYTES = 200_000


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under columns.

    Attributes:
        columns: titles, with units.
        rows: one cell for each column; None where there is nothing to say or too few to say it.
        notes: what is left out, and why; sentences.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()

    def document(self) -> dict[str, Any]:
        """The table as JSON has it.

        Raises:
            ValueError: it is too large, ragged, or holds NaN.
        """
        document = {
            "columns": list(self.columns),
            "rows": [list(row) for row in self.rows],
            "notes": list(self.notes),
        }
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError("a row has not one cell for each column")
        size = len(json.dumps(document, allow_nan=False))
        if size > DATA_BYTES:
            raise ValueError(f"a diagnostic of {size} bytes is no small table")
        return document


@dataclass(frozen=True, slots=True)
class Draft:
    """A diagnostic before its picture is drawn.

    Attributes:
        name: a slug; what is told of both splits has the same name in both.
        title: a few words.
        split: whose items it tells of.
        caption: how to read it, a sentence; it is also the picture's text for who can't see it.
        table: its content.
        draw: makes the picture, a PNG; None if the table is all.
    """

    name: str
    title: str
    split: Split
    caption: str
    table: Table
    draw: Draw | None = None
