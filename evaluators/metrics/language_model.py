"""Metrics of language models, from the bits that each symbol of a document cost.

Targets are int64 [N], the characters of each document; predictions are float64 [N, L], the bits of
each of its symbols (its UTF-8 bytes and the end of text), 0 past its end.
"""

import numpy as np
from numpy.typing import NDArray

from evaluators.metrics.base import Metric, Stats, ratio_combine


def bits_stats(target: NDArray[np.generic], predictions: NDArray[np.generic]) -> Stats:
    """Per document: its bits, and its characters and one more for the end of text."""
    bits = predictions.sum(axis=1, dtype=np.float64)
    return np.stack([bits, target.astype(np.float64) + 1.0], axis=1)


BITS_PER_CHARACTER = Metric(
    name="bits_per_character",
    title="Bits per character",
    direction="minimize",
    output_kind="bits",
    item_stats=bits_stats,
    combine=ratio_combine,
)
