"""Whether a model is right as often as it is sure."""

from functools import partial

import numpy as np

from evaluators.diagnostics.answered import Answered, percent
from evaluators.diagnostics.classes import answers
from evaluators.diagnostics.diagnostic import Draft, Table
from evaluators.diagnostics.pictures.curves import reliability_draw
from evaluators.diagnostics.pools import bins_pool, ranges

BINS = 10


def reliability(answered: Answered) -> Draft | None:
    """Confidence against accuracy, in bins of the most probable class's probability."""
    values = answered.predictions.astype(np.float64)
    sure = values.max(axis=1) / values.sum(axis=1)
    right = answers(answered) == answered.items.target.astype(np.int64)
    bins = np.clip((sure * BINS).astype(np.int64), 0, BINS - 1)
    pools = bins_pool(answered, bins, BINS)
    if not pools:
        return None
    edges = [f"{edge * 100 // BINS}" for edge in range(BINS + 1)]
    confidence = [percent(sure[pool.chosen].mean()) for pool in pools]
    accuracy = [percent(right[pool.chosen].mean()) for pool in pools]
    rows = tuple(
        (f"{name} %", answered.number(pool.chosen), mean, hits)
        for name, pool, mean, hits in zip(
            ranges(pools, edges), pools, confidence, accuracy, strict=True
        )
    )
    return Draft(
        "reliability",
        "Reliability",
        answered.split,
        "How often the model is right where it is so sure. On the diagonal it is as sure as it "
        "should be; below it, it is too sure.",
        Table(
            ("its confidence", answered.units_title, "mean confidence, %", "right, %"),
            rows,
        ),
        partial(reliability_draw, confidence, accuracy),
    )
