"""Metrics of masks: targets and predictions are uint8 {0, 1}, both [N, H, W].

Each image has a score of its own, and they are averaged: a small object counts like a large one.
"""

import numpy as np
from numpy.typing import NDArray

from evaluators.metrics.base import Metric, Stats, ratio_combine


def iou_stats(target: NDArray[np.generic], predictions: NDArray[np.generic]) -> Stats:
    """Per image: the intersection of the masks by their union, and 1.

    Where both are empty it is 1.
    """
    shared, either, _ = _areas(target, predictions)
    return _with_count(shared, either)


def dice_stats(target: NDArray[np.generic], predictions: NDArray[np.generic]) -> Stats:
    """Per image: twice the intersection by the sum of both areas, and 1.

    Where both are empty it is 1.
    """
    shared, _, both = _areas(target, predictions)
    return _with_count(2 * shared, both)


def _areas(
    target: NDArray[np.generic], predictions: NDArray[np.generic]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Pixels of each image in both masks, in either, and in one and the other added up."""
    true, found = (array.reshape(len(array), -1) != 0 for array in (target, predictions))
    shared = np.count_nonzero(true & found, axis=1).astype(np.float64)
    both = (np.count_nonzero(true, axis=1) + np.count_nonzero(found, axis=1)).astype(np.float64)
    return shared, both - shared, both


def _with_count(part: NDArray[np.float64], whole: NDArray[np.float64]) -> Stats:
    ratio = np.divide(part, whole, out=np.ones_like(whole), where=whole > 0)
    return np.stack([ratio, np.ones_like(ratio)], axis=1)


MEAN_IOU = Metric(
    name="mean_iou",
    title="Mean IoU",
    direction="maximize",
    output_kind="mask",
    item_stats=iou_stats,
    combine=ratio_combine,
)
DICE = Metric(
    name="dice",
    title="Dice",
    direction="maximize",
    output_kind="mask",
    item_stats=dice_stats,
    combine=ratio_combine,
)
