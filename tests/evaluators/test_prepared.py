"""Prepared data is checked before anyone is judged by it."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evaluators.errors import TaskError
from evaluators.items import items_load
from evaluators.prepared import PreparedTask, data_digest
from evaluators.spec import spec_parse
from evaluators.task import Task

SPEC = spec_parse(
    """
title = "A task"
summary = "For tests."
evaluator = "batch"
[input.image]
dtype = "float32"
shape = ["n", 2, 2]
[input.size]
dtype = "int64"
shape = ["n"]
[output.label]
dtype = "float32"
shape = ["n", 3]
kind = "probabilities"
classes = ["a", "b", "c"]
[metrics]
primary = "log_loss"
[split]
public_fraction = 0.3
[limits]
wall_seconds = 10
memory_mb = 512
artifact_mb = 5
"""
)


def arrays() -> dict[str, Any]:
    return {
        "input_image": np.zeros((4, 2, 2), np.float32),
        "input_size": np.arange(4),
        "target": np.array([0, 1, 2, 0]),
        "unit": np.array([7, 7, 8, 9]),
    }


def written(path: Path, **changes: Any) -> Path:
    kept = {name: array for name, array in (arrays() | changes).items() if array is not None}
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(path, **kept)
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "items.npz"


def test_it_reads_items(path: Path) -> None:
    items = items_load(written(path), SPEC)
    assert len(items) == 4
    assert set(items.inputs) == {"image", "size"}
    assert items.unit.tolist() == [7, 7, 8, 9]
    assert items.target.tolist() == [0, 1, 2, 0]


def test_without_units_each_item_is_one(path: Path) -> None:
    assert items_load(written(path, unit=None), SPEC).unit.tolist() == [0, 1, 2, 3]


def test_units_become_int64(path: Path) -> None:
    items = items_load(written(path, unit=np.array([1, 2, 3, 4], np.uint8)), SPEC)
    assert items.unit.dtype == np.int64


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"target": None}, "lacks target; prepare.py"),
        ({"input_image": None, "target": None}, "lacks input_image, target"),
        ({"input_image": np.zeros((4, 2, 2))}, r"float64 \[4, 2, 2\].*float32"),
        ({"input_image": np.zeros((4, 2, 2), ">f4")}, ">f4"),
        ({"input_image": np.zeros((4, 2, 3), np.float32)}, r"\[4, 2, 3\].*'n', 2, 2"),
        ({"input_size": np.int64(4)}, r"input_size is int64 \[\]"),
        ({"input_size": np.arange(3)}, "input_size has 3"),
        ({"unit": np.arange(5)}, "unit has 5"),
        ({"unit": np.zeros((4, 1), np.int64)}, r"unit is int64 \[4, 1\]"),
        ({"unit": np.array([1.5, 2, 3, np.nan])}, "whole numbers"),
        ({"unit": np.array(["a", "b", "c", "d"])}, "whole numbers"),
        ({"target": np.int64(0)}, "no items"),
        ({"target": np.array([], np.int64)}, "no items"),
        ({"target": np.array([0, 1, 2, 3])}, "0 to 3, but task.toml names 3 classes"),
        ({"target": np.array([0.0, 1, 2, 0])}, "float64"),
    ],
)
def test_it_names_what_does_not_fit(path: Path, changes: dict[str, Any], words: str) -> None:
    with pytest.raises(TaskError, match=words) as caught:
        items_load(written(path, **changes), SPEC)
    assert str(path) in str(caught.value)


def test_it_reads_no_pickles(path: Path) -> None:
    target = np.array([{"a": 1}] * 4, dtype=object)
    with pytest.raises(TaskError, match="allow_pickle=False"):
        items_load(written(path, target=target), SPEC)


def test_a_missing_file_says_to_prepare(path: Path) -> None:
    with pytest.raises(TaskError, match="Prepare the task again"):
        items_load(path, SPEC)


@pytest.mark.parametrize("size", [0, 1, 100, 900])
def test_a_file_cut_short_says_to_prepare(path: Path, size: int) -> None:
    whole = written(path).read_bytes()
    path.write_bytes(whole[:size])
    with pytest.raises(TaskError, match="Prepare the task again"):
        items_load(path, SPEC)


def test_one_bare_array_is_no_file_of_items(path: Path) -> None:
    with path.open("wb") as file:
        np.save(file, np.zeros(4))
    with pytest.raises(TaskError, match="not an .npz"):
        items_load(path, SPEC)


def test_a_prepared_task_knows_its_files(tmp_path: Path) -> None:
    written(tmp_path / "public/practice.npz", target=np.array([2, 2, 2, 2]))
    written(tmp_path / "private/judged.npz", target=np.array([1, 1, 1, 1]))
    prepared = PreparedTask(Task("toy", tmp_path, SPEC, "v"), tmp_path, "d")
    assert prepared.public == tmp_path / "public"
    assert set(prepared.practice().target) == {2}
    assert set(prepared.judged().target) == {1}


def test_the_digest_covers_names_and_contents_of_both_sides(tmp_path: Path) -> None:
    def digest(number: int, files: dict[str, str]) -> str:
        for name, content in files.items():
            path = tmp_path / str(number) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
        return data_digest(tmp_path / str(number))

    base = {"public/a": "1", "private/b": "2", "public/deep/c": "3"}
    digests = [
        digest(0, base),
        digest(1, base | {"public/a": "x"}),
        digest(2, base | {"private/b": "x"}),
        digest(3, base | {"private/new": ""}),
        digest(4, {"public/b": "1", "private/b": "2", "public/deep/c": "3"}),
    ]
    assert len(set(digests)) == 5
    assert digest(5, dict(reversed(base.items()))) == digests[0]
    assert digest(6, base | {"ready.json": "not data"}) == digests[0]
