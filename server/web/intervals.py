"""Intervals of scores as small bars on one scale."""

from collections.abc import Sequence
from dataclasses import dataclass

from server.leaderboards.board import LeaderboardRow

# Of the drawing's width, so that the ends of the widest bar are not cut off.
LEFT, RIGHT = 3.0, 97.0


@dataclass(frozen=True, slots=True)
class Bar:
    """An interval: where it begins and ends, and where the score is, from 0 to 100."""

    low: float
    value: float
    high: float


@dataclass(frozen=True, slots=True)
class BoardLine:
    """A row of a board with its interval's bar."""

    row: LeaderboardRow
    bar: Bar


# A row so many times further from the first one than the middle row would leave no room for others.
FAR = 4.0


def board_lines(rows: Sequence[LeaderboardRow]) -> list[BoardLine]:
    """Draws the intervals of rows on one scale; what is far off stands at its end."""
    if not rows:
        return []
    near = _near(rows)
    low = min(row.score.low for row in near)
    width = max(row.score.high for row in near) - low

    def place(value: float) -> float:
        share = (value - low) / width if width > 0 else 0.5
        return round(LEFT + (RIGHT - LEFT) * min(max(share, 0.0), 1.0), 2)

    return [
        BoardLine(row, Bar(place(row.score.low), place(row.score.value), place(row.score.high)))
        for row in rows
    ]


def _near(rows: Sequence[LeaderboardRow]) -> list[LeaderboardRow]:
    distances = [abs(row.score.value - rows[0].score.value) for row in rows]
    most = FAR * sorted(distances)[len(rows) // 2]
    return [row for row, distance in zip(rows, distances, strict=True) if distance <= most]
