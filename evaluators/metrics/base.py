"""What a metric is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Stats = NDArray[np.float64]
ItemStats = Callable[[NDArray[np.generic], NDArray[np.generic]], Stats]
Combine = Callable[[Stats], Stats]


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric as item statistics and a combination of their sums.

    Macro-F1, RMSE or kappa are no means of losses of items; so the statistics of each item are
    kept, and a score over any selection or resampling is `combine(weights @ stats)`.

    Attributes:
        name: its key in `METRICS`.
        title: as a board shows it.
        direction: whether a larger or a smaller score is better.
        output_kind: the kind of output that it can judge (`TaskSpec.output_kind`), or "any".
        item_stats: (targets [N, ...], predictions [N, ...]) -> float64 [N, k].
        combine: sums of item statistics, float64 [..., k] -> scores, float64 [...].
        digits: decimals that a board shows.
        stratified: whether its targets are int64 [N, 2]: the class, and the item's stratum.
    """

    name: str
    title: str
    direction: Literal["maximize", "minimize"]
    output_kind: Literal["values", "probabilities", "mask", "bits", "any"]
    item_stats: ItemStats
    combine: Combine
    digits: int = 4
    stratified: bool = False

    def check_output(self, kind: str) -> None:
        """Raises ValueError when the metric can't judge this kind of output."""
        if self.output_kind not in (kind, "any"):
            raise ValueError(
                f'metric {self.name!r} needs an output of kind "{self.output_kind}", not "{kind}"'
            )

    def sort_key(self, score: float) -> float:
        """A number that is smaller for a better score."""
        return -score if self.direction == "maximize" else score


def ratio_combine(sums: Stats) -> Stats:
    """Sum of the first statistic by sum of the second: a mean where that counts the items."""
    ratio: Stats = sums[..., 0] / sums[..., 1]
    return ratio
