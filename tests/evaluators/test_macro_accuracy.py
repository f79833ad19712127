"""Macro accuracy over strata: by hand, and against scikit-learn's balanced accuracy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.metrics import recall_score

from evaluators.errors import TaskError
from evaluators.metrics import METRICS
from evaluators.metrics.strata import STRATA
from evaluators.unit_statistics import unit_stats

METRIC = METRICS["macro_accuracy"]
# Class, stratum: stratum 0 has three items of class 0 and one of class 1, stratum 2 one of class 1.
TARGET = np.array([[0, 0], [0, 0], [0, 0], [1, 0], [1, 2]])


def answers(*chosen: int, classes: int = 3) -> NDArray[np.float32]:
    return np.eye(classes, dtype=np.float32)[list(chosen)]


def score(target: NDArray[np.int64], predictions: NDArray[np.float32]) -> float:
    assert METRIC.item_stats is not None
    return float(METRIC.combine(METRIC.item_stats(target, predictions).sum(axis=0)))


def test_by_hand() -> None:
    # Stratum 0: (2/3 + 0) / 2; stratum 2: 1; stratum 1 is empty and class 2 is nowhere.
    assert score(TARGET, answers(0, 0, 1, 0, 1)) == pytest.approx((1 / 3 + 1) / 2)


def test_a_rare_class_weighs_as_much_as_a_common_one() -> None:
    common, rare = answers(0, 0, 0, 0, 1), answers(1, 1, 1, 1, 1)
    assert score(TARGET, common) == score(TARGET, rare) == pytest.approx(0.75)


def test_perfect_and_hopeless_answers() -> None:
    assert score(TARGET, answers(0, 0, 0, 1, 1)) == 1
    assert score(TARGET, answers(2, 2, 2, 2, 2)) == 0


def test_of_equal_probabilities_the_first_counts() -> None:
    equal = np.full((5, 2), 0.5, dtype=np.float32)
    assert score(TARGET, equal) == pytest.approx((1 / 2 + 0) / 2)


def test_it_is_maximized_and_needs_strata() -> None:
    assert METRIC.direction == "maximize" and METRIC.stratified
    assert METRIC.output_kind == "probabilities"


def test_a_stratum_beyond_the_last_is_the_author_s_fault() -> None:
    with pytest.raises(TaskError, match=f"{STRATA} strata, not for {STRATA + 1}"):
        score(np.array([[0, STRATA]]), answers(0))


def test_blocks_of_other_strata_have_equal_widths() -> None:
    # Statistics are summed in blocks of 4,096 items: the first here knows of one stratum only.
    stratum = np.repeat([0, 4], [4096, 1000])
    target = np.stack([np.arange(5096) % 3, stratum], axis=1)
    predictions = answers(*np.where(stratum == 0, target[:, 0], (target[:, 0] + 1) % 3))
    stats = unit_stats(METRIC, target, predictions, np.arange(5096) % 7)
    assert float(METRIC.combine(stats.sum(axis=0))) == pytest.approx(0.5)


@st.composite
def cases(draw: st.DrawFn) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    classes, items = draw(st.integers(2, 6)), draw(st.integers(1, 40))
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    strata = random.integers(0, draw(st.integers(1, STRATA)), items)
    target = np.stack([random.integers(0, classes, items), strata], axis=1)
    return target, random.dirichlet(np.full(classes, 0.3), items).astype(np.float32)


@given(cases())
def test_it_is_the_mean_of_the_strata_s_balanced_accuracies(
    case: tuple[NDArray[np.int64], NDArray[np.float32]],
) -> None:
    target, predictions = case
    chosen = predictions.argmax(axis=1)
    means = []
    for stratum in np.unique(target[:, 1]):
        here = target[:, 1] == stratum
        true = target[here, 0]
        means.append(recall_score(true, chosen[here], labels=np.unique(true), average="macro"))
    assert score(target, predictions) == pytest.approx(np.mean(means))


@given(cases(), st.data())
def test_weights_are_repeated_items(
    case: tuple[NDArray[np.int64], NDArray[np.float32]], data: st.DataObject
) -> None:
    target, predictions = case
    counts = st.lists(st.integers(0, 3), min_size=len(target), max_size=len(target))
    weights = np.array(data.draw(counts.filter(any)))
    assert METRIC.item_stats is not None
    combined = METRIC.combine(weights @ METRIC.item_stats(target, predictions))
    chosen = np.repeat(np.arange(len(target)), weights)
    assert combined == pytest.approx(score(target[chosen], predictions[chosen]))


def test_many_sums_are_combined_at_once() -> None:
    assert METRIC.item_stats is not None
    stats = METRIC.item_stats(TARGET, answers(0, 0, 1, 0, 1))
    sums = np.stack([stats.sum(axis=0), stats[:2].sum(axis=0), stats[1:].sum(axis=0)])
    wanted = [float(METRIC.combine(row)) for row in sums]
    assert METRIC.combine(sums).tolist() == wanted
    assert METRIC.combine(sums[None]).tolist() == [wanted]
