"""How far a score may be chance: percentile bootstrap over independent units."""

from dataclasses import dataclass

import numpy as np

from evaluators.metrics import Metric, Stats

RESAMPLES = 2000
# Fixed, so that the same predictions always get the same interval. It decides no score.
BOOTSTRAP_SEED = 20_260
COVERAGE = 0.95
# Draws held in memory at one time: 16 MB as int64.
_BLOCK = 2_000_000


@dataclass(frozen=True, slots=True)
class Interval:
    """The ends of a confidence interval."""

    low: float
    high: float


def bootstrap_interval(
    metric: Metric, stats: Stats, *, seed: int = BOOTSTRAP_SEED, resamples: int = RESAMPLES
) -> Interval:
    """The interval that holds the score with 95 % confidence.

    Units are drawn with replacement, as many as there are, and the metric is combined anew each
    time; equal seeds draw equal units for all metrics of a selection.

    Args:
        metric: combines the sums.
        stats: float64 [U, k], statistics summed by unit.
        seed: of the draws.
        resamples: how many times to draw.
    """
    scores = metric.combine(_resampled(stats, np.random.default_rng(seed), resamples))
    tail = (1 - COVERAGE) / 2
    low, high = np.quantile(scores, [tail, 1 - tail])
    return Interval(float(low), float(high))


def _resampled(stats: Stats, random: np.random.Generator, resamples: int) -> Stats:
    """Sums of the statistics of drawn units, [resamples, k]."""
    units = len(stats)
    sums = np.empty((resamples, stats.shape[1]))
    rows = max(1, _BLOCK // units)
    for first in range(0, resamples, rows):
        count = min(rows, resamples - first)
        drawn = random.integers(0, units, size=(count, units))
        drawn += np.arange(count)[:, None] * units
        weights = np.bincount(drawn.ravel(), minlength=count * units).reshape(count, units)
        sums[first : first + count] = weights @ stats
    return sums
