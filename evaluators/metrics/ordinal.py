"""Metrics of class probabilities whose classes have an order: bad, neutral, good.

Targets are int64 [N] class indices from 0 to K - 1, predictions float [N, K] rows of
probabilities. The answer is the most probable class, the first of equals.
"""

import math

import numpy as np
from numpy.typing import NDArray

from evaluators.metrics.base import Metric, Stats


def confusion_stats(target: NDArray[np.generic], predictions: NDArray[np.generic]) -> Stats:
    """Per item: 1 in the cell of its class and its answer, as [N, K * K], class by class."""
    classes = predictions.shape[1]
    cell = target.astype(np.int64) * classes + np.argmax(predictions, axis=1)
    one_hot: Stats = (cell[:, None] == np.arange(classes * classes)).astype(np.float64)
    return one_hot


def quadratic_kappa_combine(sums: Stats) -> Stats:
    """Cohen's kappa with quadratic weights: 1 - disagreement / disagreement by chance.

    A disagreement weighs the square of how many classes lie between target and answer. By chance
    means: answers as frequent as they are, but given to any items. 1 is agreement and 0 is no
    better than that. Where all targets and all answers are of one class it is 1.
    """
    classes = math.isqrt(sums.shape[-1])
    table = sums.reshape(*sums.shape[:-1], classes, classes)
    weight = (np.arange(classes)[:, None] - np.arange(classes)) ** 2
    by_chance = table.sum(axis=-1)[..., :, None] * table.sum(axis=-2)[..., None, :]
    seen = (weight * table).sum(axis=(-2, -1)) * table.sum(axis=(-2, -1))
    expected = (weight * by_chance).sum(axis=(-2, -1))
    kappa: Stats = 1.0 - np.divide(seen, expected, out=np.zeros_like(seen), where=expected > 0)
    return kappa


QUADRATIC_KAPPA = Metric(
    name="quadratic_kappa",
    title="Quadratic kappa",
    direction="maximize",
    output_kind="probabilities",
    item_stats=confusion_stats,
    combine=quadratic_kappa_combine,
)
