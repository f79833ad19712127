"""How far numbers are off."""

from functools import partial

import numpy as np

from evaluators.diagnostics.answered import Answered, figures
from evaluators.diagnostics.diagnostic import Draft, Table
from evaluators.diagnostics.pictures.curves import agreement_draw
from evaluators.diagnostics.pictures.dots import residuals_draw
from evaluators.diagnostics.pools import bins_pool

GROUPS = 10
MOST_ITEMS = 2000


def observed_by_predicted(answered: Answered) -> Draft | None:
    """Mean of the true values where the model says little, and where it says much."""
    if answered.predictions.ndim != 1:
        return None
    predicted = answered.predictions.astype(np.float64)
    observed = answered.items.target.astype(np.float64)
    rank = np.empty(len(predicted), np.int64)
    rank[np.argsort(predicted, kind="stable")] = np.arange(len(predicted))
    pools = bins_pool(answered, rank * GROUPS // len(predicted), GROUPS)
    if len(pools) < 2:
        return None
    said = [figures(predicted[pool.chosen].mean()) for pool in pools]
    was = [figures(observed[pool.chosen].mean()) for pool in pools]
    units = [answered.number(pool.chosen) for pool in pools]
    return Draft(
        "observed_by_predicted",
        "Predicted and observed",
        answered.split,
        "Items in groups by what the model predicts: on the diagonal its predictions are right on "
        "average, below it they are too high.",
        Table(
            (answered.units_title, "mean prediction", "mean of the true values"),
            tuple(zip(units, said, was, strict=True)),
        ),
        partial(agreement_draw, said, was),
    )


def residuals(answered: Answered) -> Draft | None:
    """Each item's error, over its stratum (such as the hour) or else in the order of the file."""
    if answered.predictions.ndim != 1:
        return None
    predicted = answered.predictions.astype(np.float64)[:MOST_ITEMS]
    observed = answered.items.target.astype(np.float64)[:MOST_ITEMS]
    strata, stratum = answered.spec.strata, answered.items.stratum
    over = np.arange(len(predicted)) if stratum is None else stratum[:MOST_ITEMS]
    title = "item" if strata is None else strata.title
    names = None if strata is None else list(strata.names)
    rows = tuple(
        (item, str(item) if names is None else names[at], figures(was), figures(said))
        for item, (at, was, said) in enumerate(zip(over, observed, predicted, strict=True))
    )
    return Draft(
        "residuals",
        f"Residuals over {title[:1].lower()}{title[1:]}",
        answered.split,
        "Predicted less true value of each item of the practice sample. Above the line the model "
        "says too much; the dark dashes are medians.",
        Table(("row in practice.npz", title, "true", "predicted"), rows),
        partial(residuals_draw, over, predicted - observed, names, x=title),
    )
