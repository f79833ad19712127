"""Text of others on your terminal: shown, never obeyed."""

import unicodedata
from collections.abc import Sequence

# Escape sequences, and marks that turn the order of what is read.
_HIDDEN = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")


def plain(text: str) -> str:
    """One line without control characters."""
    return "".join("\N{REPLACEMENT CHARACTER}" if _is_hidden(c) else c for c in text)


def plain_lines(text: str) -> str:
    """The same for several lines, tabs kept."""
    return "\n".join(
        "\t".join(plain(piece) for piece in line.split("\t"))
        for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    )


def table(head: Sequence[str], rows: Sequence[Sequence[str]], right: frozenset[int]) -> str:
    """Columns as wide as they need to be.

    Args:
        head: the columns' titles.
        rows: their cells.
        right: numbers of the columns that are set to the right.
    """
    cells = [list(head), *([plain(cell) for cell in row] for row in rows)]
    widths = [max(_width(row[column]) for row in cells) for column in range(len(head))]
    lines = []
    for row in cells:
        padded = [
            " " * (widths[n] - _width(cell)) + cell
            if n in right
            else cell + " " * (widths[n] - _width(cell))
            for n, cell in enumerate(row)
        ]
        lines.append("  ".join(padded).rstrip())
    return "\n".join(lines)


def _is_hidden(character: str) -> bool:
    return unicodedata.category(character) in _HIDDEN


def _width(text: str) -> int:
    """How many cells of a terminal a text takes."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )
