"""From checked predictions to scores and kept statistics."""

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from evaluators.errors import InfrastructureError, TaskError
from evaluators.intervals import bootstrap_interval
from evaluators.items import Items
from evaluators.metrics import METRICS
from evaluators.report import Split
from evaluators.runner.seed import Seed
from evaluators.scoring import (
    practice_scores,
    split_scores,
    statistics_load,
    unit_stats,
    units_split,
)
from evaluators.spec import TaskSpec, spec_parse

HEAD = """
title = "A task"
summary = "For tests."
evaluator = "batch"
[input.x]
dtype = "float32"
shape = ["n"]
[split]
public_fraction = 0.3
[limits]
wall_seconds = 10
memory_mb = 512
artifact_mb = 5
"""
CLASSES = spec_parse(
    HEAD
    + """
[metrics]
primary = "log_loss"
secondary = ["accuracy", "macro_f1"]
[output.label]
dtype = "float32"
shape = ["n", 3]
kind = "probabilities"
classes = ["a", "b", "c"]
"""
)
NUMBERS = spec_parse(
    HEAD
    + """
[metrics]
primary = "rmsle"
secondary = ["r2"]
[output.price]
dtype = "float32"
shape = ["n"]
"""
)
SEED = Seed(b"a secret of an installation")
RANDOM = np.random.default_rng(0)
UNIT = RANDOM.permutation(np.repeat(np.arange(0, 1200, 10), 5))
TARGET = RANDOM.integers(0, 3, len(UNIT))
PREDICTIONS = RANDOM.dirichlet(np.ones(3), len(UNIT)).astype(np.float32)
ITEMS = Items({}, TARGET, UNIT)
PUBLIC = units_split(UNIT, public_fraction=0.3, seed=SEED)


def items(target: NDArray[np.generic]) -> Items:
    return Items({}, target, np.arange(len(target)))


def direct(name: str, chosen: NDArray[np.bool_]) -> float:
    metric = METRICS[name]
    stats = metric.item_stats(TARGET[chosen], PREDICTIONS[chosen])
    return float(metric.combine(stats.sum(axis=0)))


def test_scores_come_public_then_private_primary_first() -> None:
    scored = split_scores(spec=CLASSES, items=ITEMS, predictions=PREDICTIONS, public=PUBLIC)
    assert [(s.metric, s.split) for s in scored.scores] == [
        (name, split)
        for name in ("log_loss", "accuracy", "macro_f1")
        for split in (Split.PUBLIC, Split.PRIVATE)
    ]
    for score in scored.scores:
        chosen = PUBLIC if score.split is Split.PUBLIC else ~PUBLIC
        assert score.value == pytest.approx(direct(score.metric, chosen))
        assert score.low < score.value < score.high


def test_the_private_score_does_not_depend_on_public_answers() -> None:
    changed = PREDICTIONS.copy()
    changed[PUBLIC] = np.eye(3, dtype=np.float32)[TARGET[PUBLIC]]
    before = split_scores(spec=CLASSES, items=ITEMS, predictions=PREDICTIONS, public=PUBLIC)
    after = split_scores(spec=CLASSES, items=ITEMS, predictions=changed, public=PUBLIC)
    assert after.scores[1::2] == before.scores[1::2]
    assert after.scores[0].value == 0 < before.scores[0].value


def test_kept_statistics_give_the_same_scores() -> None:
    scored = split_scores(spec=CLASSES, items=ITEMS, predictions=PREDICTIONS, public=PUBLIC)
    kept = statistics_load(scored.statistics)
    assert kept.units.tolist() == list(range(0, 1200, 10))
    assert kept.public.sum() == 36
    assert set(UNIT[PUBLIC]) == set(kept.units[kept.public])
    for score in scored.scores:
        metric = METRICS[score.metric]
        chosen = kept.public if score.split is Split.PUBLIC else ~kept.public
        stats = kept.metrics[score.metric][chosen]
        assert float(metric.combine(stats.sum(axis=0))) == score.value
        assert bootstrap_interval(metric, stats).low == score.low


def test_scoring_twice_gives_the_same_bytes() -> None:
    first, second = (
        split_scores(spec=CLASSES, items=ITEMS, predictions=PREDICTIONS, public=PUBLIC)
        for _ in range(2)
    )
    assert first == second


def test_statistics_are_summed_by_unit_in_order() -> None:
    # More items than are looked at in one block.
    random = np.random.default_rng(1)
    unit = random.integers(-5, 5, 10_000)
    target, answers = random.normal(size=10_000), random.normal(size=10_000)
    metric = METRICS["rmse"]
    sums = unit_stats(metric, target, answers, unit)
    stats = metric.item_stats(target, answers)
    wanted = np.stack([stats[unit == name].sum(axis=0) for name in range(-5, 5)])
    assert np.allclose(sums, wanted)


def test_practice_is_scored_as_one_split() -> None:
    scores = practice_scores(spec=CLASSES, items=ITEMS, predictions=PREDICTIONS)
    assert [score.metric for score in scores] == ["log_loss", "accuracy", "macro_f1"]
    for score in scores:
        assert score.split is Split.PRACTICE
        assert score.value == pytest.approx(direct(score.metric, np.ones(len(UNIT), np.bool_)))


@pytest.mark.parametrize(
    ("target", "words"),
    [
        (np.array([0, 1, 3]), "0 to 3.*3 classes"),
        (np.array([-1, 1, 2]), "-1 to 2"),
        (np.array([0, 1, 2], dtype=np.int32), "int64.*int32"),
        (np.array([0.0, 1.0, 2.0]), "int64.*float64"),
        (np.array([[0], [1], [2]]), r"\[3, 1\]"),
        (np.eye(3), "class indices"),
        (np.array(["a", "b", "c"]), "int64"),
    ],
)
def test_labels_that_do_not_fit_are_the_tasks_fault(
    target: NDArray[np.generic], words: str
) -> None:
    with pytest.raises(TaskError, match=words):
        practice_scores(spec=CLASSES, items=items(target), predictions=PREDICTIONS[:3])


@pytest.mark.parametrize(
    ("target", "words"),
    [
        (np.array([1.0, np.nan]), "NaN"),
        (np.array([1.0, np.inf]), "infinite"),
        (np.ones((2, 1)), r"\[2, 1\]"),
        (np.array(["1", "2"]), "<U1"),
        (np.array([1j, 2j]), "complex"),
    ],
)
def test_numbers_that_do_not_fit_are_the_tasks_fault(
    target: NDArray[np.generic], words: str
) -> None:
    with pytest.raises(TaskError, match=words):
        practice_scores(spec=NUMBERS, items=items(target), predictions=np.ones(2, np.float32))


@pytest.mark.filterwarnings("ignore:invalid value encountered in log1p:RuntimeWarning")
def test_a_score_that_is_no_number_is_never_kept() -> None:
    target, predictions = np.array([-5.0, 1.0]), np.ones(2, np.float32)
    with pytest.raises(TaskError, match="'rmsle' gave nan .* on the practice split"):
        practice_scores(spec=NUMBERS, items=items(target), predictions=predictions)


@pytest.mark.parametrize("spec", [CLASSES, NUMBERS])
def test_predictions_of_other_items_are_our_fault(spec: TaskSpec) -> None:
    shape = (2, 3) if spec is CLASSES else (2,)
    with pytest.raises(InfrastructureError, match="3 items"):
        practice_scores(
            spec=spec, items=items(np.array([0, 1, 2])), predictions=np.zeros(shape, np.float32)
        )


def straddling() -> NDArray[np.bool_]:
    mask = PUBLIC.copy()
    mask[int(np.argmax(mask))] = False
    return mask


@pytest.mark.parametrize(
    ("mask", "words"),
    [
        (straddling(), "both sides"),
        (np.ones_like(PUBLIC), "empty"),
        (np.zeros_like(PUBLIC), "empty"),
        (PUBLIC[1:], "items"),
    ],
)
def test_a_split_that_does_not_fit_is_our_fault(mask: NDArray[np.bool_], words: str) -> None:
    with pytest.raises(InfrastructureError, match=words):
        split_scores(spec=CLASSES, items=ITEMS, predictions=PREDICTIONS, public=mask)


@pytest.mark.parametrize("keep", [0, 10, 0.5, 0.99])
def test_damaged_statistics_are_our_fault(keep: float) -> None:
    scored = split_scores(spec=CLASSES, items=ITEMS, predictions=PREDICTIONS, public=PUBLIC)
    size = keep if isinstance(keep, int) else math.floor(keep * len(scored.statistics))
    with pytest.raises(InfrastructureError, match="can't be read"):
        statistics_load(scored.statistics[:size])


def test_flipped_bytes_of_statistics_are_our_fault() -> None:
    scored = split_scores(spec=CLASSES, items=ITEMS, predictions=PREDICTIONS, public=PUBLIC)
    for position in range(60, len(scored.statistics) // 2, 97):
        data = bytearray(scored.statistics)
        data[position] ^= 0xFF
        try:
            kept = statistics_load(bytes(data))
        except InfrastructureError:
            continue
        # The flip hit what the reader doesn't need, such as a time stamp.
        assert kept.units.tolist() == list(range(0, 1200, 10))
