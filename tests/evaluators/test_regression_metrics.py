"""Regression metrics: by hand, and against scikit-learn."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.metrics import (
    mean_absolute_error,
    r2_score,
    root_mean_squared_error,
    root_mean_squared_log_error,
)

from evaluators.metrics import METRICS

NAMES = ["rmse", "mae", "r2", "rmsle"]
TARGET = np.array([1.0, 2.0, 3.0, 6.0])
PREDICTIONS = np.array([1.0, 4.0, 3.0, 2.0], dtype=np.float32)


def score(name: str, target: NDArray[np.generic], predictions: NDArray[np.generic]) -> float:
    metric = METRICS[name]
    return float(metric.combine(metric.item_stats(target, predictions).sum(axis=0)))


def test_by_hand() -> None:
    assert score("rmse", TARGET, PREDICTIONS) == pytest.approx(math.sqrt((4 + 16) / 4))
    assert score("mae", TARGET, PREDICTIONS) == pytest.approx((2 + 4) / 4)
    assert score("r2", TARGET, PREDICTIONS) == pytest.approx(1 - 20 / (4 + 1 + 0 + 9))
    logs = math.log(5 / 3) ** 2 + math.log(3 / 7) ** 2
    assert score("rmsle", TARGET, PREDICTIONS) == pytest.approx(math.sqrt(logs / 4))


def test_perfect_answers() -> None:
    assert [score(name, TARGET, TARGET) for name in NAMES] == [0, 0, 1, 0]


def test_the_mean_explains_nothing() -> None:
    assert score("r2", TARGET, np.full(4, 3.0)) == 0


def test_r2_of_constant_targets_is_that_of_scikit_learn() -> None:
    constant = np.full(5, 0.1)
    assert score("r2", constant, constant) == r2_score(constant, constant) == 1
    assert score("r2", constant, constant + 1) == r2_score(constant, constant + 1) == 0


def test_r2_hides_no_nan() -> None:
    assert math.isnan(score("r2", np.array([1.0, math.nan]), np.array([1.0, 1.0])))


def test_r2_of_far_targets_keeps_its_digits() -> None:
    years = np.array([2001.0, 2002, 2003, 2004, 2005])
    answers = years + np.array([0.5, -0.5, 0.5, -0.5, 0.5])
    assert score("r2", years, answers) == pytest.approx(r2_score(years, answers), rel=1e-9)


def test_rmsle_takes_negative_answers_as_zero() -> None:
    assert score("rmsle", np.array([0.0, 1.0]), np.array([-5.0, 1.0])) == 0


def test_whole_numbers_do_not_wrap_around() -> None:
    target, answers = np.array([0], dtype=np.uint8), np.array([255], dtype=np.uint8)
    assert score("mae", target, answers) == 255
    assert score("mae", answers, target) == 255


def test_every_number_of_an_item_counts() -> None:
    target, answers = np.zeros((2, 2, 2)), np.ones((2, 2, 2))
    answers[0, 0, 0] = 5
    assert score("mae", target, answers) == pytest.approx((5 + 7) / 8)


@given(st.integers(2, 40), st.integers(0, 2**32))
def test_they_agree_with_scikit_learn(items: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    target, predictions = random.gamma(2, 3, items), random.gamma(2, 3, items)
    assert score("rmse", target, predictions) == pytest.approx(
        root_mean_squared_error(target, predictions)
    )
    assert score("mae", target, predictions) == pytest.approx(
        mean_absolute_error(target, predictions)
    )
    assert score("r2", target, predictions) == pytest.approx(r2_score(target, predictions))
    assert score("rmsle", target, predictions) == pytest.approx(
        root_mean_squared_log_error(target, predictions)
    )


@given(st.sampled_from(NAMES), st.lists(st.integers(0, 3), min_size=4, max_size=4).filter(any))
def test_weights_are_repeated_items(name: str, weights: list[int]) -> None:
    metric = METRICS[name]
    combined = metric.combine(np.array(weights) @ metric.item_stats(TARGET, PREDICTIONS))
    chosen = np.repeat(np.arange(4), weights)
    assert combined == pytest.approx(score(name, TARGET[chosen], PREDICTIONS[chosen]))


@pytest.mark.parametrize("name", NAMES)
def test_many_sums_are_combined_at_once(name: str) -> None:
    metric = METRICS[name]
    stats = metric.item_stats(TARGET, PREDICTIONS)
    sums = np.stack([stats.sum(axis=0), stats[:2].sum(axis=0), stats[1:].sum(axis=0)])
    assert metric.combine(sums).tolist() == [float(metric.combine(row)) for row in sums]
