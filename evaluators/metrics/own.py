"""Metrics that a task's own `scorer.py` computes, in a sandbox.

It returns a number and a weight for each item, and the score is the sum of the numbers by the sum
of the weights: a mean where all weights are 1, a ratio else.
"""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from evaluators.errors import InfrastructureError
from evaluators.metrics.base import Metric, Stats, ratio_combine


def _scorer_stats(target: NDArray[np.generic], predictions: NDArray[np.generic]) -> Stats:
    raise InfrastructureError("a task's own metric is computed by its scorer, not here")


def own_metric(
    name: str, *, title: str, direction: Literal["maximize", "minimize"], digits: int
) -> Metric:
    """Makes the metric that `[metrics.own.NAME]` of a task declares."""
    return Metric(
        name=name,
        title=title,
        direction=direction,
        output_kind="any",
        item_stats=_scorer_stats,
        combine=ratio_combine,
        digits=digits,
    )
