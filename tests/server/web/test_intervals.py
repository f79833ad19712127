"""Intervals of a board as bars: one scale that an outlier does not spoil."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, cast

from server.web.intervals import LEFT, RIGHT, board_lines


@dataclass(frozen=True)
class Shown:
    value: float
    low: float
    high: float


def rows(*values: float) -> Any:
    return cast(Any, [SimpleNamespace(score=Shown(v, v - 0.01, v + 0.01)) for v in values])


def test_no_rows_have_no_bars() -> None:
    assert board_lines([]) == []


def test_the_scale_runs_from_the_lowest_to_the_highest_end() -> None:
    bars = [line.bar for line in board_lines(rows(0.1, 0.2, 0.3))]
    assert (bars[0].low, bars[2].high) == (LEFT, RIGHT)
    assert bars[0].low < bars[0].value < bars[0].high < bars[1].low < bars[2].low


def test_one_row_fills_its_scale() -> None:
    [line] = board_lines(rows(0.5))
    assert (line.bar.low, line.bar.value, line.bar.high) == (LEFT, (LEFT + RIGHT) / 2, RIGHT)


def test_what_is_far_off_stands_at_the_end_and_leaves_room() -> None:
    bars = [line.bar for line in board_lines(rows(0.05, 0.08, 0.15, 2.3))]
    assert (bars[3].low, bars[3].value, bars[3].high) == (RIGHT, RIGHT, RIGHT)
    assert bars[2].value - bars[0].value > 50


def test_the_same_score_of_all_stands_in_the_middle() -> None:
    same = cast(Any, [SimpleNamespace(score=Shown(1.0, 1.0, 1.0)) for _ in range(3)])
    assert {line.bar.value for line in board_lines(same)} == {(LEFT + RIGHT) / 2}
