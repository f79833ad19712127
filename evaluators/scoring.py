"""Scores with their intervals, from checked predictions."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from evaluators.errors import InfrastructureError, TaskError
from evaluators.intervals import Interval, bootstrap_interval
from evaluators.items import Items
from evaluators.metrics import Metric, Stats
from evaluators.predictions import predictions_pack
from evaluators.report import Score, Split
from evaluators.spec import TaskSpec
from evaluators.splits import units_split
from evaluators.targets import targets_check
from evaluators.unit_statistics import Statistics, statistics_load, unit_stats, unit_sums

__all__ = [
    "Interval",
    "ScoredItems",
    "Statistics",
    "bootstrap_interval",
    "practice_scores",
    "predictions_pack",
    "split_scores",
    "statistics_load",
    "unit_stats",
    "units_split",
]


@dataclass(frozen=True, slots=True)
class ScoredItems:
    """What the judged items yield.

    Attributes:
        scores: of each metric the public and then the private one, the primary metric first.
        statistics: what they were computed from (`statistics_load` reads it).
    """

    scores: tuple[Score, ...]
    statistics: bytes


def split_scores(
    *,
    spec: TaskSpec,
    items: Items,
    predictions: NDArray[np.generic],
    public: NDArray[np.bool_],
    own: Mapping[str, Stats] = MappingProxyType({}),
) -> ScoredItems:
    """Scores the judged items on both splits.

    Args:
        spec: names the metrics.
        items: the judged items with their targets.
        predictions: checked, in the order of the items.
        public: bool [N], from `units_split`.
        own: statistics of the task's own metrics by item, from `scorer_stats`.

    Raises:
        TaskError: the targets don't fit the task's output, or a score is not finite.
        InfrastructureError: predictions or mask don't belong to these items.
    """
    stats = _metric_stats(spec, items, predictions, own)
    units, public_units = _units_public(items.unit, public)
    sides = ((Split.PUBLIC, public_units), (Split.PRIVATE, ~public_units))
    scores = tuple(
        _score(spec.metrics.metric(name), split, stats[name][chosen])
        for name in spec.metrics.names
        for split, chosen in sides
    )
    return ScoredItems(scores, Statistics(units, public_units, stats).pack())


def practice_scores(
    *,
    spec: TaskSpec,
    items: Items,
    predictions: NDArray[np.generic],
    own: Mapping[str, Stats] | None = None,
) -> tuple[Score, ...]:
    """Scores the practice sample, the primary metric first.

    Args:
        spec: names the metrics.
        items: the practice sample with its targets.
        predictions: checked, in the order of the items.
        own: statistics of the task's own metrics by item, from `scorer_stats`. Without them those
            metrics are left out: a student's machine has no scorer.

    Raises:
        TaskError: the targets don't fit the task's output, or a score is not finite.
        InfrastructureError: the predictions don't belong to these items.
    """
    names = [name for name in spec.metrics.names if own is not None or name not in spec.metrics.own]
    stats = _metric_stats(spec, items, predictions, own or {})
    return tuple(_score(spec.metrics.metric(name), Split.PRACTICE, stats[name]) for name in names)


def _metric_stats(
    spec: TaskSpec,
    items: Items,
    predictions: NDArray[np.generic],
    own: Mapping[str, Stats],
) -> dict[str, Stats]:
    if spec.output and not spec.metrics.own:
        targets_check(spec.output[spec.output_name], items.target)
    shape = spec.output[spec.output_name].item_shape if spec.output else predictions.shape[1:]
    if predictions.shape != (len(items), *shape):
        raise InfrastructureError(
            f"{predictions.shape} predictions were kept for {len(items)} items"
        )
    stats = {name: unit_sums(columns, items.unit) for name, columns in own.items()}
    for name in spec.metrics.names:
        if name not in spec.metrics.own:
            metric = spec.metrics.metric(name)
            target = _metric_target(metric, items)
            stats[name] = unit_stats(metric, target, predictions, items.unit)
    return stats


def _metric_target(metric: Metric, items: Items) -> NDArray[np.generic]:
    if not metric.stratified:
        return items.target
    if items.stratum is None:
        raise TaskError(f"the metric {metric.name!r} needs items with strata")
    return np.stack([items.target.astype(np.int64), items.stratum], axis=1)


def _units_public(
    item_units: NDArray[np.int64], public: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """The units, and which of them are public."""
    if public.shape != item_units.shape:
        raise InfrastructureError(f"a split of {public.shape} items for {item_units.shape}")
    units, first, index = np.unique(item_units, return_index=True, return_inverse=True)
    public_units = public[first]
    if not np.array_equal(public_units[index], public):
        raise InfrastructureError("the split has a unit on both sides")
    if public_units.all() or not public_units.any():
        raise InfrastructureError("the split leaves one side empty")
    return units, public_units


def _score(metric: Metric, split: Split, stats: Stats) -> Score:
    value = float(metric.combine(stats.sum(axis=0)))
    interval = bootstrap_interval(metric, stats)
    if not np.all(np.isfinite([value, interval.low, interval.high])):
        raise TaskError(
            f"the metric {metric.name!r} gave {value} ({interval.low} to {interval.high}) on the "
            f"{split} split; look at its targets and at how few units there are"
        )
    return Score(metric.name, split, value, interval.low, interval.high)
