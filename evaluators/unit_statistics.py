"""Item statistics summed by unit, and the compact file that keeps them.

They are what makes any interval or comparison possible later, without the predictions.
"""

import io
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluators.errors import InfrastructureError
from evaluators.metrics import Metric, Stats

_METRIC = "metric_"
# Items whose statistics are held at one time; macro-F1 keeps three numbers a class for each.
_BLOCK = 4096


@dataclass(frozen=True, slots=True)
class Statistics:
    """All that scores were computed from.

    Attributes:
        units: int64 [U], ascending.
        public: bool [U], whether the unit is on the public board.
        metrics: by name, float64 [U, k].
    """

    units: NDArray[np.int64]
    public: NDArray[np.bool_]
    metrics: Mapping[str, Stats]

    def pack(self) -> bytes:
        """Writes them as a compressed .npz; the same statistics give the same bytes."""
        file = io.BytesIO()
        arrays = {f"{_METRIC}{name}": stats for name, stats in self.metrics.items()}
        np.savez_compressed(
            file, allow_pickle=False, units=self.units, public=self.public, **arrays
        )
        return file.getvalue()


def statistics_load(data: bytes) -> Statistics:
    """Reads what `Statistics.pack` wrote.

    Raises:
        InfrastructureError: the stored bytes are damaged.
    """
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            arrays = dict(file)
        units, public = arrays.pop("units"), arrays.pop("public")
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise InfrastructureError(f"stored statistics can't be read: {error}") from error
    metrics = {name.removeprefix(_METRIC): stats for name, stats in arrays.items()}
    return Statistics(units, public, metrics)


def unit_stats(
    metric: Metric,
    target: NDArray[np.generic],
    predictions: NDArray[np.generic],
    units: NDArray[np.int64],
) -> Stats:
    """Sums a metric's item statistics by unit.

    Args:
        metric: the metric.
        target: [N, ...].
        predictions: [N, ...].
        units: int64 [N], the unit of each item.

    Returns:
        float64 [U, k], in the order of `np.unique(units)`.
    """
    names, index = np.unique(units, return_inverse=True)
    sums: Stats | None = None
    for first in range(0, len(target), _BLOCK):
        block = slice(first, first + _BLOCK)
        stats = metric.item_stats(target[block], predictions[block])
        if sums is None:
            sums = np.zeros((len(names), stats.shape[1]))
        np.add.at(sums, index[block], stats)
    if sums is None:
        raise InfrastructureError("there is nothing to compute a score of: no items")
    return sums


def unit_sums(stats: Stats, units: NDArray[np.int64]) -> Stats:
    """Sums statistics of items, float64 [N, k], by unit, as `unit_stats` does."""
    names, index = np.unique(units, return_inverse=True)
    sums = np.zeros((len(names), stats.shape[1]))
    np.add.at(sums, index, stats)
    return sums
