"""Errors by the strata of a task, such as the hour of the day or the length of a text."""

from collections.abc import Callable
from functools import partial

import numpy as np

from evaluators.diagnostics.answered import Answered, Chosen, figures, percent
from evaluators.diagnostics.classes import answers
from evaluators.diagnostics.diagnostic import Cell, Draft, Table
from evaluators.diagnostics.groups import groups_told, left_out
from evaluators.diagnostics.masks import image_iou
from evaluators.diagnostics.pictures.bars import bars_draw
from evaluators.spec import Strata

OTHERS = "others"
TITLES = {
    "probabilities": "percent wrong",
    "values": "mean absolute error",
    "mask": "mean IoU, %",
    "bits": "bits per character",
}


def error_by_stratum(answered: Answered) -> Draft | None:
    """A measure of error in each stratum; small strata are pooled as "others"."""
    strata, stratum = answered.spec.strata, answered.items.stratum
    if strata is None or stratum is None:
        return None
    groups = [stratum == number for number in range(len(strata.names))]
    alone = groups_told(answered, groups)
    told = [one for one, is_told in zip(_named(strata, groups), alone, strict=True) if is_told]
    small = [name for name, is_told in zip(strata.names, alone, strict=True) if not is_told]
    pooled = left_out(groups, alone)
    if not told:
        return None
    notes = answered.left_out(small)
    if pooled.any():
        told.append((OTHERS, pooled))
        notes = (f"Pooled, as some are too small to be told alone: {', '.join(small)}.",)
    error = _errors(answered)
    values = [error(chosen) for _, chosen in told]
    what = TITLES[answered.spec.output_kind]
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (name, answered.number(chosen), value)
        for (name, chosen), value in zip(told, values, strict=True)
    )
    title = f"{strata.title[:1].lower()}{strata.title[1:]}"
    return Draft(
        "error_by_stratum",
        f"Error by {title}" if answered.spec.output_kind != "mask" else f"IoU by {title}",
        answered.split,
        f"The model's {what.replace(', %', ', in percent')} by {title}. Where is it weakest?",
        Table((strata.title, answered.units_title, what), rows, notes),
        partial(bars_draw, [name for name, _ in told], values, x=strata.title, y=what),
    )


def _named(strata: Strata, groups: list[Chosen]) -> list[tuple[str, Chosen]]:
    return list(zip(strata.names, groups, strict=True))


def _errors(answered: Answered) -> Callable[[Chosen], float]:
    """What tells the error of a group: a sum over its items by another one."""
    target, predictions = answered.items.target, answered.predictions
    kind = answered.spec.output_kind
    one = np.ones(len(target))
    if kind == "probabilities":
        wrong = (answers(answered) != target.astype(np.int64)).astype(np.float64)
        return lambda chosen: percent(wrong[chosen].mean())
    if kind == "mask":
        iou = image_iou(target, predictions)
        return lambda chosen: percent(iou[chosen].mean())
    if kind == "bits":
        parts, wholes = predictions.sum(axis=1, dtype=np.float64), target.astype(np.float64) + one
    else:
        off = np.abs(predictions.astype(np.float64) - target.astype(np.float64))
        parts, wholes = off.reshape(len(off), -1).mean(axis=1), one
    return lambda chosen: figures(parts[chosen].sum() / wholes[chosen].sum())
