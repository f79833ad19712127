"""`springboard diagnostics`."""

import argparse

from springboard.cli.named import submission_named
from springboard.cli.output import Output
from springboard.client import Springboard
from springboard.results import Diagnostic
from springboard.terminal import plain, table

ROWS = 12
CELL_LENGTH = 60
SPLITS = {"practice": "practice sample", "public": "public split, groups only"}


def diagnostics(options: argparse.Namespace, output: Output) -> int:
    """Shows where a model is good and where it is not; with --out it keeps the pictures."""
    with Springboard(options.server, tell=output.note) as board:
        wanted = submission_named(options, board)
        if options.out is not None:
            files = board.diagnostics_save(wanted, options.out)
            text = f"Saved to {options.out}: " + ", ".join(path.name for path in files)
            output.result(text, {"files": [str(path) for path in files]})
            return 0
        found = board.diagnostics(wanted)
    output.result(diagnostics_text(found), [one.model_dump(mode="json") for one in found])
    if any(one.picture for one in found):
        output.note("There are pictures of them: --out FOLDER keeps them.")
    return 0


def diagnostics_text(found: tuple[Diagnostic, ...]) -> str:
    """Diagnostics for reading, their longest tables cut."""
    if not found:
        return "There are none: it was not judged yet, or gave no answers."
    return "\n\n".join(_text(one) for one in found)


def _text(one: Diagnostic) -> str:
    rows = [[_cell(value) for value in row] for row in one.data.rows[:ROWS]]
    numbers = frozenset(
        place
        for place in range(len(one.data.columns))
        if not any(isinstance(row[place], str) for row in one.data.rows)
    )
    more = len(one.data.rows) - ROWS
    return "\n".join(
        [
            f"{plain(one.title)} ({SPLITS.get(one.split, plain(one.split))})",
            plain(one.caption),
            *map(plain, one.data.notes),
            table([plain(title) for title in one.data.columns], rows, numbers),
            *([f"... and {more} more rows"] if more > 0 else []),
        ]
    )


def _cell(value: str | int | float | None) -> str:
    if value is None:
        return "–"
    text = f"{value:g}" if isinstance(value, float) else str(value)
    text = " ".join(text.split())
    return text if len(text) <= CELL_LENGTH else f"{text[: CELL_LENGTH - 1]}…"
