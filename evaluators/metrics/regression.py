"""Metrics of numbers: targets and predictions have the same shape, [N] or [N, ...].

Every number of an item counts alike, so an item's statistics are sums over its numbers.
"""

import numpy as np
from numpy.typing import NDArray

from evaluators.metrics.base import Metric, Stats, ratio_combine

# Sums of squares that cancel to less than this share of themselves are rounding, not spread.
_ROUNDING = 1e-12


def squared_error_stats(target: NDArray[np.generic], predictions: NDArray[np.generic]) -> Stats:
    """Per item: squared error, and how many numbers it is of."""
    return _sums((_rows(predictions) - _rows(target)) ** 2, np.ones_like(_rows(target)))


def absolute_error_stats(target: NDArray[np.generic], predictions: NDArray[np.generic]) -> Stats:
    """Per item: absolute error, and how many numbers it is of."""
    return _sums(np.abs(_rows(predictions) - _rows(target)), np.ones_like(_rows(target)))


def r2_stats(target: NDArray[np.generic], predictions: NDArray[np.generic]) -> Stats:
    """Per item: squared error, target, squared target, and how many numbers they are of."""
    y = _rows(target)
    return _sums((_rows(predictions) - y) ** 2, y, y**2, np.ones_like(y))


def squared_log_error_stats(target: NDArray[np.generic], predictions: NDArray[np.generic]) -> Stats:
    """Per item: squared error of ln(1 + value), and how many numbers it is of.

    The metric is for counts and prices; answers below 0 are taken as 0.
    """
    logs = np.log1p(np.maximum(_rows(predictions), 0.0))
    return _sums((logs - np.log1p(_rows(target))) ** 2, np.ones_like(logs))


def root_mean_combine(sums: Stats) -> Stats:
    """Square root of the mean error."""
    return np.sqrt(ratio_combine(sums))


def r2_combine(sums: Stats) -> Stats:
    """1 - SSE / SST, with SST about the mean of the selection's targets.

    Where all targets are equal it is 1 for exact answers and 0 otherwise, as in scikit-learn.
    """
    error, total, squares, count = np.moveaxis(sums, -1, 0)
    spread = squares - total**2 / count
    constant = spread <= _ROUNDING * squares
    ratio = np.where(constant, np.sign(error), error / np.where(constant, 1.0, spread))
    return np.asarray(1.0 - ratio, dtype=np.float64)


def _rows(values: NDArray[np.generic]) -> NDArray[np.float64]:
    return values.reshape(len(values), -1).astype(np.float64)


def _sums(*columns: NDArray[np.float64]) -> Stats:
    return np.stack([column.sum(axis=1) for column in columns], axis=1)


RMSE = Metric(
    name="rmse",
    title="RMSE",
    direction="minimize",
    output_kind="values",
    item_stats=squared_error_stats,
    combine=root_mean_combine,
)
MAE = Metric(
    name="mae",
    title="MAE",
    direction="minimize",
    output_kind="values",
    item_stats=absolute_error_stats,
    combine=ratio_combine,
)
R2 = Metric(
    name="r2",
    title="R²",
    direction="maximize",
    output_kind="values",
    item_stats=r2_stats,
    combine=r2_combine,
)
RMSLE = Metric(
    name="rmsle",
    title="RMSLE",
    direction="minimize",
    output_kind="values",
    item_stats=squared_log_error_stats,
    combine=root_mean_combine,
)
