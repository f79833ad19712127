"""Classification metrics: by hand, and against scikit-learn."""

import math
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.metrics import accuracy_score, f1_score, log_loss

from evaluators.metrics import METRICS

TARGET = np.array([0, 1, 2, 1])
PREDICTIONS = np.array(
    [[0.5, 0.25, 0.25], [0.2, 0.7, 0.1], [0.6, 0.3, 0.1], [0.1, 0.2, 0.7]], dtype=np.float32
)


def score(name: str, target: NDArray[np.int64], predictions: NDArray[np.float32]) -> float:
    metric = METRICS[name]
    return float(metric.combine(metric.item_stats(target, predictions).sum(axis=0)))


def test_log_loss_by_hand() -> None:
    wanted = -sum(map(math.log, [0.5, 0.7, 0.1, 0.2])) / 4
    assert score("log_loss", TARGET, PREDICTIONS) == pytest.approx(wanted, rel=1e-6)


def test_accuracy_by_hand() -> None:
    assert score("accuracy", TARGET, PREDICTIONS) == 0.5


def test_macro_f1_by_hand() -> None:
    # Class 0: tp 1, fp 1; class 1: tp 1, fn 1; class 2: fp 1, fn 1.
    assert score("macro_f1", TARGET, PREDICTIONS) == pytest.approx((2 / 3 + 2 / 3 + 0) / 3)


def test_perfect_answers() -> None:
    predictions = np.eye(3, dtype=np.float32)[TARGET]
    assert score("log_loss", TARGET, predictions) == 0
    assert score("accuracy", TARGET, predictions) == 1
    assert score("macro_f1", TARGET, predictions) == 1


def test_one_sure_mistake_costs_a_bounded_loss() -> None:
    predictions = np.eye(3, dtype=np.float32)[[1]]
    assert score("log_loss", np.array([0]), predictions) == pytest.approx(-math.log(1e-7))


def test_a_small_negative_probability_costs_no_more() -> None:
    predictions = np.array([[-1e-6, 1.0]], dtype=np.float32)
    assert score("log_loss", np.array([0]), predictions) == pytest.approx(-math.log(1e-7))


def test_rows_above_one_gain_nothing() -> None:
    inflated = (PREDICTIONS * np.float32(1.001)).astype(np.float32)
    wanted = score("log_loss", TARGET, PREDICTIONS)
    assert score("log_loss", TARGET, inflated) == pytest.approx(wanted, rel=1e-6)


def test_of_equal_probabilities_the_first_counts() -> None:
    equal = np.full((2, 4), 0.25, dtype=np.float32)
    assert score("accuracy", np.array([0, 3]), equal) == 0.5


def test_a_class_that_is_nowhere_does_not_count() -> None:
    predictions = np.eye(4, dtype=np.float32)[[0, 1]]
    assert score("macro_f1", np.array([0, 1]), predictions) == 1


def test_a_class_that_is_only_answered_counts_as_zero() -> None:
    predictions = np.eye(4, dtype=np.float32)[[0, 2]]
    assert score("macro_f1", np.array([0, 0]), predictions) == pytest.approx((2 / 3 + 0) / 2)


def test_directions() -> None:
    assert METRICS["log_loss"].direction == "minimize"
    assert METRICS["accuracy"].direction == METRICS["macro_f1"].direction == "maximize"
    assert METRICS["log_loss"].sort_key(0.1) < METRICS["log_loss"].sort_key(0.2)
    assert METRICS["accuracy"].sort_key(0.9) < METRICS["accuracy"].sort_key(0.8)


@st.composite
def answers(draw: st.DrawFn) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    classes, items = draw(st.integers(2, 6)), draw(st.integers(1, 30))
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    target = random.integers(0, draw(st.integers(1, classes)), items)
    return target, random.dirichlet(np.full(classes, 0.3), items).astype(np.float32)


@given(answers())
def test_they_agree_with_scikit_learn(
    case: tuple[NDArray[np.int64], NDArray[np.float32]],
) -> None:
    target, predictions = case
    chosen = predictions.argmax(axis=1)
    labels = np.arange(predictions.shape[1])
    exact = predictions.astype(np.float64)
    exact = np.clip(exact / exact.sum(axis=1, keepdims=True), 1e-7, 1)
    with warnings.catch_warnings():
        # Clipped rows miss a sum of one by 1e-7, of which scikit-learn warns.
        warnings.simplefilter("ignore", UserWarning)
        wanted = log_loss(target, exact, labels=labels)
    assert score("log_loss", target, predictions) == pytest.approx(wanted, rel=1e-5, abs=1e-6)
    assert score("accuracy", target, predictions) == accuracy_score(target, chosen)
    wanted = f1_score(target, chosen, average="macro", zero_division=0)
    assert score("macro_f1", target, predictions) == pytest.approx(wanted)


@given(answers(), st.sampled_from(["log_loss", "accuracy", "macro_f1"]), st.data())
def test_weights_are_repeated_items(
    case: tuple[NDArray[np.int64], NDArray[np.float32]], name: str, data: st.DataObject
) -> None:
    target, predictions = case
    counts = st.lists(st.integers(0, 3), min_size=len(target), max_size=len(target))
    weights = np.array(data.draw(counts.filter(any)))
    metric = METRICS[name]
    combined = metric.combine(weights @ metric.item_stats(target, predictions))
    chosen = np.repeat(np.arange(len(target)), weights)
    assert combined == pytest.approx(score(name, target[chosen], predictions[chosen]))


@pytest.mark.parametrize("name", ["log_loss", "accuracy", "macro_f1"])
def test_many_sums_are_combined_at_once(name: str) -> None:
    metric = METRICS[name]
    stats = metric.item_stats(TARGET, PREDICTIONS)
    sums = np.stack([stats.sum(axis=0), stats[:2].sum(axis=0), stats[1:].sum(axis=0)])
    wanted = [float(metric.combine(row)) for row in sums]
    assert metric.combine(sums).tolist() == wanted
    assert metric.combine(sums[None]).tolist() == [wanted]
