"""All metrics, by name: one file a family."""

from collections.abc import Mapping
from types import MappingProxyType

from evaluators.metrics.base import Combine, ItemStats, Metric, Stats
from evaluators.metrics.classification import ACCURACY, LOG_LOSS, MACRO_F1
from evaluators.metrics.language_model import BITS_PER_CHARACTER
from evaluators.metrics.ordinal import QUADRATIC_KAPPA
from evaluators.metrics.own import own_metric
from evaluators.metrics.regression import MAE, R2, RMSE, RMSLE
from evaluators.metrics.segmentation import DICE, MEAN_IOU
from evaluators.metrics.strata import MACRO_ACCURACY

METRICS: Mapping[str, Metric] = MappingProxyType(
    {
        metric.name: metric
        for metric in (
            LOG_LOSS,
            ACCURACY,
            MACRO_F1,
            MACRO_ACCURACY,
            QUADRATIC_KAPPA,
            RMSE,
            MAE,
            R2,
            RMSLE,
            BITS_PER_CHARACTER,
            MEAN_IOU,
            DICE,
        )
    }
)

__all__ = ["METRICS", "Combine", "ItemStats", "Metric", "Stats", "own_metric"]
