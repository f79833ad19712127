"""Metrics of class probabilities.

Targets are int64 [N] class indices from 0 to K - 1, predictions float [N, K] rows of
probabilities. The number of classes is the last axis of the predictions.
"""

import numpy as np
from numpy.typing import NDArray

from evaluators.metrics.base import Metric, Stats, ratio_combine

SMALLEST_PROBABILITY = 1e-7


def log_loss_stats(target: NDArray[np.generic], predictions: NDArray[np.generic]) -> Stats:
    """Per item: -ln of the true class's probability, and 1.

    Rows are divided by their sum, as checked predictions may miss 1 by a thousandth, and then
    clipped at 1e-7: one confident mistake costs at most 16.1, not infinity.
    """
    values = predictions.astype(np.float64)
    true = np.take_along_axis(values, _classes(target)[:, None], axis=1)[:, 0]
    probability = np.clip(true / values.sum(axis=1), SMALLEST_PROBABILITY, 1.0)
    return np.stack([-np.log(probability), np.ones_like(probability)], axis=1)


def accuracy_stats(target: NDArray[np.generic], predictions: NDArray[np.generic]) -> Stats:
    """Per item: 1 if the most probable class is the true one (the first of equals), and 1."""
    correct = (np.argmax(predictions, axis=1) == _classes(target)).astype(np.float64)
    return np.stack([correct, np.ones_like(correct)], axis=1)


def macro_f1_stats(target: NDArray[np.generic], predictions: NDArray[np.generic]) -> Stats:
    """Per item and class: true positives, false positives, false negatives, as [N, 3K]."""
    classes = np.arange(predictions.shape[1])
    true = _classes(target)[:, None] == classes
    chosen = np.argmax(predictions, axis=1)[:, None] == classes
    return np.concatenate([true & chosen, ~true & chosen, true & ~chosen], axis=1).astype(
        np.float64
    )


def macro_f1_combine(sums: Stats) -> Stats:
    """Mean over classes of 2 TP / (2 TP + FP + FN).

    A class that is neither a target nor an answer in the selection does not count, as in
    scikit-learn's `f1_score(average="macro", zero_division=0)`; one that is a target and never
    answered, or answered and never a target, counts as 0.
    """
    hits, wrong, missed = np.split(sums, 3, axis=-1)
    whole = 2 * hits + wrong + missed
    counted = whole > 0
    f1 = np.divide(2 * hits, whole, out=np.zeros_like(whole), where=counted)
    return ratio_combine(np.stack([f1.sum(axis=-1), counted.sum(axis=-1)], axis=-1))


def _classes(target: NDArray[np.generic]) -> NDArray[np.int64]:
    return target.astype(np.int64)


LOG_LOSS = Metric(
    name="log_loss",
    title="Log loss",
    direction="minimize",
    output_kind="probabilities",
    item_stats=log_loss_stats,
    combine=ratio_combine,
)
ACCURACY = Metric(
    name="accuracy",
    title="Accuracy",
    direction="maximize",
    output_kind="probabilities",
    item_stats=accuracy_stats,
    combine=ratio_combine,
)
MACRO_F1 = Metric(
    name="macro_f1",
    title="Macro F1",
    direction="maximize",
    output_kind="probabilities",
    item_stats=macro_f1_stats,
    combine=macro_f1_combine,
)
