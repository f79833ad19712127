"""Which groups may be told of, so that what is left out can't be reckoned from what is told.

A group of too few units is left out. But whoever knows the whole (a public score) and all groups
but that one knows that one, too: so what is left out together must be large enough as well.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from evaluators.diagnostics.answered import Answered, Chosen


def groups_told(answered: Answered, groups: Sequence[Chosen]) -> NDArray[np.bool_]:
    """Which of some groups, that make up a whole together, may be told of.

    Args:
        answered: the items.
        groups: bool [N] each; no item is in two.

    Returns:
        bool [len(groups)].
    """
    told = np.array([answered.enough(group) for group in groups], np.bool_)
    _guard(answered, groups, told)
    return told


def cells_told(answered: Answered, grid: Sequence[Sequence[Chosen]]) -> NDArray[np.bool_]:
    """The same for the cells of a grid, whose rows and columns are told of as wholes.

    Args:
        answered: the items.
        grid: R rows of C groups, bool [N] each; no item is in two.

    Returns:
        bool [R, C].
    """
    told = np.array([[answered.enough(cell) for cell in row] for row in grid], np.bool_)
    columns = list(zip(*grid, strict=True))
    while True:
        before = told.copy()
        for row, cells in enumerate(grid):
            _guard(answered, cells, told[row])
        for column, cells in enumerate(columns):
            _guard(answered, cells, told[:, column])
        if np.array_equal(before, told):
            return told


def left_out(groups: Sequence[Chosen], told: NDArray[np.bool_]) -> Chosen:
    """The items of the groups that are not told of: bool [N]."""
    left = np.zeros(len(groups[0]), np.bool_)
    for group, is_told in zip(groups, told, strict=True):
        if not is_told:
            left |= group
    return left


def _guard(answered: Answered, groups: Sequence[Chosen], told: NDArray[np.bool_]) -> None:
    """Leaves out the smallest group that is told of where too few units are left out."""
    left = left_out(groups, told)
    if not told.any() or not left.any() or answered.enough(left):
        return
    sizes = [
        answered.units(group) if is_told else np.inf
        for group, is_told in zip(groups, told, strict=True)
    ]
    told[int(np.argmin(sizes))] = False
