"""Which classes are taken for which."""

from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from evaluators.diagnostics.answered import Answered, Chosen, percent
from evaluators.diagnostics.diagnostic import Cell, Draft, Table
from evaluators.diagnostics.groups import cells_told, groups_told
from evaluators.diagnostics.pictures.bars import bars_draw
from evaluators.diagnostics.pictures.heat import heat_draw

# Beyond this a matrix can't be read, and the most confused pairs are told instead.
MATRIX_CLASSES = 12
PAIRS = 12
# More classes than this are no table for reading; the worst are told.
ROWS = 40
# A grid with a smaller share of its cells says hardly anything.
LEAST_TOLD = 0.4


def confusion(answered: Answered) -> Draft | None:
    """A confusion matrix, or the most confused pairs where there are many classes."""
    names = class_names(answered)
    shares = _shares(answered, len(names))
    if np.isnan(shares).all():
        return None
    draft = _matrix if len(names) <= MATRIX_CLASSES else _pairs
    return draft(answered, names, shares)


def class_accuracy(answered: Answered) -> Draft | None:
    """Accuracy by class; few classes have it on the diagonal of their confusion matrix."""
    groups = _groups(answered)
    if len(groups) <= MATRIX_CLASSES:
        return None
    cells = _accuracies(answered, groups, groups_told(answered, groups))
    return _by_class(answered, "accuracy_by_class", cells[:, np.newaxis], ())


def class_stratum_accuracy(answered: Answered) -> Draft | None:
    """Accuracy by class and stratum, where most cells are large enough to be told of."""
    strata, stratum = answered.spec.strata, answered.items.stratum
    if strata is None or stratum is None:
        return None
    groups = _groups(answered)
    grid = [
        [group & (stratum == number) for number in range(len(strata.names))] for group in groups
    ]
    told = cells_told(answered, grid)
    if told.mean() < LEAST_TOLD:
        return None
    cells = [_accuracies(answered, row, known) for row, known in zip(grid, told, strict=True)]
    whole = _accuracies(answered, groups, groups_told(answered, groups))
    columns = np.column_stack([whole, np.array(cells)])
    return _by_class(answered, "accuracy_by_class_and_stratum", columns, strata.names)


def class_names(answered: Answered) -> tuple[str, ...]:
    """The names of the classes."""
    return answered.spec.output[answered.spec.output_name].classes or ()


def answers(answered: Answered) -> NDArray[np.int64]:
    """The most probable class of each item, the first of equals: int64 [N]."""
    said: NDArray[np.int64] = np.argmax(answered.predictions, axis=1).astype(np.int64)
    return said


def _matrix(answered: Answered, names: tuple[str, ...], shares: NDArray[np.float64]) -> Draft:
    target = answered.items.target
    rows: list[tuple[Cell, ...]] = [
        (name, answered.number(target == label), *map(_cell, shares[label]))
        for label, name in enumerate(names)
        if not np.isnan(shares[label, 0])
    ]
    return Draft(
        "confusion",
        "Confusion of classes",
        answered.split,
        "Each row is a true class: the percent of its items that were answered as each class. "
        "What lies off the diagonal is wrong.",
        Table(
            ("true class", answered.units_title, *(f"{name}, %" for name in names)),
            tuple(rows),
            _left_out(answered, names, shares),
        ),
        partial(heat_draw, shares, list(names), list(names), x="answered", y="true class"),
    )


def _pairs(answered: Answered, names: tuple[str, ...], shares: NDArray[np.float64]) -> Draft | None:
    wrong = np.nan_to_num(shares, nan=0.0)
    np.fill_diagonal(wrong, 0.0)
    order = np.argsort(-wrong, axis=None, kind="stable")[:PAIRS]
    pairs = [divmod(int(place), len(names)) for place in order]
    pairs = [(true, chosen) for true, chosen in pairs if percent(wrong[true, chosen])]
    if not pairs:
        return None
    target = answered.items.target
    rows: list[tuple[Cell, ...]] = [
        (
            names[true],
            names[chosen],
            percent(wrong[true, chosen]),
            answered.number(target == true),
        )
        for true, chosen in pairs
    ]
    return Draft(
        "confusion",
        "Most confused classes",
        answered.split,
        "The pairs that are confused most: of the true class on the left, this percent was "
        "answered as the class on the right.",
        Table(
            ("true class", "answered", "% of the true class", f"{answered.units_title}"),
            tuple(rows),
            _left_out(answered, names, shares),
        ),
        partial(
            bars_draw,
            [f"{row[0]} → {row[1]}" for row in rows],
            [float(wrong[pair]) * 100 for pair in pairs],
            x="percent of the true class",
            lying=True,
        ),
    )


def _shares(answered: Answered, classes: int) -> NDArray[np.float64]:
    """Share of each true class, a row, that is answered as each class; NaN if it is too small."""
    true, chosen = answered.items.target.astype(np.int64), answers(answered)
    counts = np.zeros((classes, classes))
    np.add.at(counts, (true, chosen), 1.0)
    counts[~groups_told(answered, _groups(answered))] = np.nan
    shares: NDArray[np.float64] = np.round(
        counts / np.maximum(counts.sum(axis=1, keepdims=True), 1), 2
    )
    return shares


def _groups(answered: Answered) -> list[Chosen]:
    """The items of each true class."""
    return [answered.items.target == label for label in range(len(class_names(answered)))]


def _accuracies(
    answered: Answered, groups: Sequence[Chosen], told: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Share of right answers of each group; NaN where it may not be told."""
    right = answers(answered) == answered.items.target.astype(np.int64)
    return np.array(
        [
            round(float(right[group].mean()), 2) if is_told else np.nan
            for group, is_told in zip(groups, told, strict=True)
        ]
    )


def _by_class(
    answered: Answered, name: str, cells: NDArray[np.float64], strata: tuple[str, ...]
) -> Draft | None:
    """The worst classes first: bars, or a grid where there are strata beside."""
    names = class_names(answered)
    told = np.flatnonzero(~np.isnan(cells[:, 0]))
    if not len(told):
        return None
    worst = told[np.argsort(cells[told, 0], kind="stable")][:ROWS]
    shown = [names[label] for label in worst]
    few = [name for label, name in enumerate(names) if label not in told]
    title = answered.spec.strata.title if answered.spec.strata and strata else ""
    by = f" and {title[:1].lower()}{title[1:]}" if title else ""
    heads = ("all", *strata)
    table = Table(
        ("class", *(f"{head}, % right" for head in heads)),
        tuple((names[label], *map(_cell, cells[label])) for label in worst),
        answered.left_out(few)
        + ((f"The {ROWS} worst classes are told.",) if len(told) > ROWS else ()),
    )
    bars = partial(bars_draw, shown, 100 * cells[worst, 0], x="percent right", lying=True)
    grid = partial(heat_draw, cells[worst], shown, heads, x=title, y="class", zeros=True)
    return Draft(
        name,
        f"Accuracy by class{by}",
        answered.split,
        f"The percent of items that are answered rightly, by class{by}; the worst class first."
        + (" Cells of too few items are grey." if title else ""),
        table,
        grid if strata else bars,
    )


def _left_out(
    answered: Answered, names: tuple[str, ...], shares: NDArray[np.float64]
) -> tuple[str, ...]:
    few = [name for name, share in zip(names, shares[:, 0], strict=True) if np.isnan(share)]
    return answered.left_out(few)


def _cell(share: float) -> Cell:
    return None if np.isnan(share) else percent(share)
