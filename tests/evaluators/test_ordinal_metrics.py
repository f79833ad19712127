"""Quadratic kappa is scikit-learn's, and can be had from sums of what each item adds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.metrics import cohen_kappa_score

from evaluators.metrics import METRICS

KAPPA = METRICS["quadratic_kappa"]
Classes = NDArray[np.int64]


def score(target: Classes, answers: Classes, classes: int = 3) -> float:
    predictions = np.eye(classes, dtype=np.float32)[answers]
    return float(KAPPA.combine(KAPPA.item_stats(target, predictions).sum(axis=0)))


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=50).filter(
        lambda pairs: len({one for pair in pairs for one in pair}) > 1
    )
)
def test_it_is_scikit_learns(pairs: list[tuple[int, int]]) -> None:
    target, answers = np.array(pairs).T
    expected = cohen_kappa_score(target, answers, labels=range(4), weights="quadratic")
    assert score(target, answers, classes=4) == pytest.approx(expected, abs=1e-12)


def test_a_neighbouring_class_costs_a_quarter_of_the_far_one() -> None:
    target = np.array([0, 1, 2, 0, 1, 2])
    assert score(target, target) == 1.0
    assert score(target, np.array([1, 1, 2, 0, 0, 2])) == pytest.approx(1 - 6 * 2 / 48)
    assert score(target, np.array([2, 1, 0, 0, 1, 2])) == pytest.approx(1 - 6 * 8 / 48)


def test_the_same_answer_to_all_is_worth_nothing() -> None:
    assert score(np.array([0, 1, 2, 2]), np.array([1, 1, 1, 1])) == 0.0


def test_one_class_alone_is_agreement() -> None:
    assert score(np.array([1, 1]), np.array([1, 1])) == 1.0


def test_many_selections_are_combined_at_once() -> None:
    rng = np.random.default_rng(0)
    target, predictions = rng.integers(0, 3, 200), rng.random((200, 3))
    stats = KAPPA.item_stats(target, predictions)
    weights = rng.integers(0, 3, (5, 200)).astype(np.float64)
    for row, value in zip(weights, KAPPA.combine(weights @ stats), strict=True):
        kept = np.repeat(np.arange(200), row.astype(np.int64))
        answers = predictions.argmax(axis=1)[kept]
        expected = cohen_kappa_score(target[kept], answers, weights="quadratic")
        assert value == pytest.approx(expected, abs=1e-12)


def test_larger_is_better() -> None:
    assert KAPPA.sort_key(0.9) < KAPPA.sort_key(0.1)
