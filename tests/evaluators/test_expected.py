"""Pins of known solutions: what is read, and what is refused."""

import json
from pathlib import Path
from typing import Any

import pytest

from evaluators.errors import TaskError
from evaluators.expected import expected_load


def pin(**changes: Any) -> dict[str, Any]:
    return {
        "role": "baseline",
        "mean": 0.5,
        "tolerance": 0.1,
        "sd": 0.02,
        "seeds": 5,
        **changes,
    }


def write(folder: Path, *, primary: str = "log_loss", **solutions: dict[str, Any]) -> Path:
    document = {"primary": primary, "solutions": solutions}
    (folder / "expected.json").write_text(json.dumps(document))
    return folder


def test_it_says_whether_a_score_is_inside(tmp_path: Path) -> None:
    expected = expected_load(write(tmp_path, forest=pin()))
    assert expected.inside("forest", 0.41)
    assert expected.inside("forest", 0.59)
    assert not expected.inside("forest", 0.39)
    assert not expected.inside("forest", 0.61)


def test_a_score_that_is_no_number_is_outside(tmp_path: Path) -> None:
    expected = expected_load(write(tmp_path, forest=pin()))
    assert not expected.inside("forest", float("nan"))
    assert not expected.inside("forest", float("inf"))


def test_it_names_the_nearest_solution(tmp_path: Path) -> None:
    expected = expected_load(write(tmp_path, forest=pin()))
    with pytest.raises(TaskError, match="no solution 'forrest'; did you mean 'forest'"):
        expected.inside("forrest", 0.5)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"tolerance": 0.05}, "solutions.forest: .*tolerance must be at least 3 sd"),
        ({"tolerance": 0}, "solutions.forest.tolerance"),
        ({"sd": -1}, "solutions.forest.sd"),
        ({"seeds": 1}, "solutions.forest.seeds"),
        ({"role": "best"}, "solutions.forest.role"),
        ({"mean": "0.5"}, "solutions.forest.mean"),
        ({"median": 0.5}, "solutions.forest.median"),
    ],
)
def test_it_refuses_a_bad_pin(changes: dict[str, Any], problem: str, tmp_path: Path) -> None:
    write(tmp_path, forest=pin(**changes))
    with pytest.raises(TaskError, match=problem):
        expected_load(tmp_path)


def test_a_metric_of_the_task_s_own_may_be_pinned(tmp_path: Path) -> None:
    assert expected_load(write(tmp_path, primary="share_near", forest=pin())).primary == (
        "share_near"
    )


def test_it_refuses_what_is_no_name_of_a_metric(tmp_path: Path) -> None:
    with pytest.raises(TaskError, match="primary"):
        expected_load(write(tmp_path, primary="Log loss", forest=pin()))


def test_it_refuses_a_file_without_solutions(tmp_path: Path) -> None:
    with pytest.raises(TaskError, match="solutions"):
        expected_load(write(tmp_path))


def test_it_refuses_infinite_numbers(tmp_path: Path) -> None:
    with pytest.raises(TaskError, match="solutions.forest.tolerance"):
        expected_load(write(tmp_path, forest=pin(tolerance=float("inf"))))


def test_a_missing_file_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(TaskError, match="python -m scripts.measure_expected"):
        expected_load(tmp_path)


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "expected.json").write_text("{")
    with pytest.raises(TaskError, match="expected.json is not valid"):
        expected_load(tmp_path)
