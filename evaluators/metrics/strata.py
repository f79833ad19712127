"""Metrics that give every class in every stratum the same weight.

Targets are int64 [N, 2]: the class index and the stratum of each item. Predictions are float [N, K]
rows of probabilities.
"""

import numpy as np
from numpy.typing import NDArray

from evaluators.errors import TaskError
from evaluators.metrics.base import Metric, Stats

# Statistics are summed block by block, so their width can't depend on the strata that are there.
STRATA = 10


def macro_accuracy_stats(target: NDArray[np.generic], predictions: NDArray[np.generic]) -> Stats:
    """Per item and cell, a stratum and a class: whether it is right and there, and whether there.

    Right is the most probable class, the first of equals.

    Returns:
        float64 [N, 2 * STRATA * K]: the cells' hits, then their items, stratum by stratum.

    Raises:
        TaskError: a stratum is beyond the last.
    """
    true, stratum = target[:, 0].astype(np.int64), target[:, 1].astype(np.int64)
    if stratum.size and (stratum.min() < 0 or stratum.max() >= STRATA):
        raise TaskError(f"macro_accuracy has room for {STRATA} strata, not for {stratum.max() + 1}")
    classes = predictions.shape[1]
    there = (stratum * classes + true)[:, None] == np.arange(STRATA * classes)
    right = np.argmax(predictions, axis=1) == true
    return np.concatenate([there & right[:, None], there], axis=1).astype(np.float64)


def macro_accuracy_combine(sums: Stats) -> Stats:
    """Mean over strata of the mean over classes of a cell's accuracy; empty cells don't count."""
    hits, items = np.split(sums, 2, axis=-1)
    shape = (*items.shape[:-1], STRATA, items.shape[-1] // STRATA)
    counted = items.reshape(shape) > 0
    accuracy = np.divide(hits, items, out=np.zeros_like(hits), where=items > 0).reshape(shape)
    strata: NDArray[np.bool_] = np.any(counted, axis=-1)
    return _mean(_mean(accuracy, counted), strata)


def _mean(values: Stats, counted: NDArray[np.bool_]) -> Stats:
    """Mean along the last axis of what counts, 0 where nothing does."""
    number = counted.sum(axis=-1)
    mean: Stats = (values * counted).sum(axis=-1) / np.maximum(number, 1)
    return mean


MACRO_ACCURACY = Metric(
    name="macro_accuracy",
    title="Macro accuracy",
    direction="maximize",
    output_kind="probabilities",
    item_stats=macro_accuracy_stats,
    combine=macro_accuracy_combine,
    stratified=True,
)
