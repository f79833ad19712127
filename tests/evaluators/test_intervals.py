"""Bootstrap intervals: what they cover, and that they resample units."""

import tracemalloc

import numpy as np
import pytest

from evaluators.intervals import bootstrap_interval
from evaluators.metrics import METRICS, Stats

ACCURACY = METRICS["accuracy"]


def coin_stats(units: int, share: float, seed: int) -> Stats:
    hits = np.random.default_rng(seed).random(units) < share
    return np.stack([hits.astype(np.float64), np.ones(units)], axis=1)


def test_it_is_the_normal_interval_of_a_large_mean() -> None:
    stats = coin_stats(4000, 0.8, seed=1)
    mean = stats[:, 0].mean()
    margin = 1.96 * np.sqrt(mean * (1 - mean) / 4000)
    interval = bootstrap_interval(ACCURACY, stats)
    assert interval.low == pytest.approx(mean - margin, abs=0.1 * margin)
    assert interval.high == pytest.approx(mean + margin, abs=0.1 * margin)


def test_it_covers_the_truth_95_times_in_100() -> None:
    covered = 0
    for seed in range(300):
        interval = bootstrap_interval(ACCURACY, coin_stats(200, 0.7, seed), resamples=500)
        covered += interval.low <= 0.7 <= interval.high
    assert 0.91 < covered / 300 < 0.985


def test_units_are_resampled_whole() -> None:
    # 50 units of 20 equal items each are 50 observations, not 1,000.
    units = coin_stats(50, 0.5, seed=3)
    as_items = np.repeat(units, 20, axis=0)
    by_unit = bootstrap_interval(ACCURACY, units * 20)
    by_item = bootstrap_interval(ACCURACY, as_items)
    assert (by_unit.high - by_unit.low) > 3 * (by_item.high - by_item.low)


def test_it_is_the_same_each_time() -> None:
    stats = coin_stats(300, 0.4, seed=4)
    assert bootstrap_interval(ACCURACY, stats) == bootstrap_interval(ACCURACY, stats)
    assert bootstrap_interval(ACCURACY, stats) != bootstrap_interval(ACCURACY, stats, seed=1)


def test_blocks_of_draws_are_drawn_from_all_units() -> None:
    # More units than fit a block with all resamples; each resample must still be a mean of all.
    stats = np.stack([np.linspace(0, 1, 5000), np.ones(5000)], axis=1)
    interval = bootstrap_interval(ACCURACY, stats)
    margin = 1.96 * np.sqrt(1 / 12 / 5000)
    assert interval.low == pytest.approx(0.5 - margin, abs=0.1 * margin)
    assert interval.high == pytest.approx(0.5 + margin, abs=0.1 * margin)


def test_one_unit_has_an_interval_of_no_width() -> None:
    interval = bootstrap_interval(ACCURACY, np.array([[3.0, 4.0]]))
    assert (interval.low, interval.high) == (0.75, 0.75)


def test_ratio_metrics_are_combined_anew_each_time() -> None:
    random = np.random.default_rng(5)
    target, answers = random.integers(0, 3, 400), random.dirichlet(np.ones(3), 400)
    metric = METRICS["macro_f1"]
    stats = metric.item_stats(target, answers)
    value = float(metric.combine(stats.sum(axis=0)))
    interval = bootstrap_interval(metric, stats)
    assert interval.low < value < interval.high
    assert 0.05 < interval.high - interval.low < 0.15


def test_its_memory_is_bounded() -> None:
    stats = coin_stats(100_000, 0.5, seed=6)
    tracemalloc.start()
    try:
        bootstrap_interval(ACCURACY, stats, resamples=40)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 120 * 1024 * 1024
