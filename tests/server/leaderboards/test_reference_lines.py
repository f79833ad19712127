"""Reference lines stand between the rows where they belong, each on one page, and rank nobody."""

from datetime import UTC, datetime

import pytest

from evaluators.spec import TaskSpec, spec_parse
from server.leaderboards.board import LeaderboardRow, ScoreShown
from server.leaderboards.reference_lines import reference_lines
from tests.evaluators.tiny_task import TASK_TOML

LINES = """
[[reference_line]]
title = "A human"
value = 0.25
note = "one rater"

[[reference_line]]
title = "A coin"
value = 0.69
"""


def spec(primary: str = "log_loss") -> TaskSpec:
    toml = TASK_TOML.replace('primary = "log_loss"', f'primary = "{primary}"').replace(
        'secondary = ["accuracy"]', "secondary = []"
    )
    return spec_parse(toml + LINES)


def rows(*scores: float) -> list[LeaderboardRow]:
    return [
        LeaderboardRow(
            rank=number,
            team_id=number,
            team=f"team {number}",
            baseline=False,
            score=ScoreShown("log_loss", score, score, score),
            secondary=[],
            submissions=1,
            submitted_at=datetime(2026, 11, 24, tzinfo=UTC),
        )
        for number, score in enumerate(scores, 1)
    ]


def placed(*scores: float, above: float | None = None, more: bool = False) -> list[tuple[str, int]]:
    lines = reference_lines(spec=spec(), rows=rows(*scores), above=above, more=more)
    return [(line.title, line.before) for line in lines]


def test_they_stand_between_better_and_worse_rows() -> None:
    assert placed(0.1, 0.3, 0.8) == [("A human", 1), ("A coin", 2)]
    assert placed(0.3) == [("A human", 0), ("A coin", 1)]
    assert placed() == [("A human", 0), ("A coin", 0)]


def test_equal_scores_stand_below_the_line() -> None:
    assert placed(0.25, 0.69) == [("A human", 0), ("A coin", 1)]


def test_larger_is_better_turns_them_around() -> None:
    lines = reference_lines(spec=spec("accuracy"), rows=rows(0.9, 0.5, 0.1), above=None, more=False)
    assert [(line.title, line.before) for line in lines] == [("A coin", 1), ("A human", 2)]


@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_each_is_on_one_page(size: int) -> None:
    scores = [0.1, 0.2, 0.25, 0.3, 0.5, 0.7, 0.8]
    found = []
    for start in range(0, len(scores), size):
        page = scores[start : start + size]
        above = scores[start - 1] if start else None
        for title, before in placed(*page, above=above, more=start + size < len(scores)):
            found.append((title, start + before))
    assert sorted(found) == [("A coin", 5), ("A human", 2)]
