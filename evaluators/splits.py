"""Which judged units are on the public board, and which only on the private one."""

import numpy as np
from numpy.typing import NDArray

from evaluators.errors import TaskError
from evaluators.runner.seed import Seed


def units_split(
    units: NDArray[np.int64], *, public_fraction: float, seed: Seed
) -> NDArray[np.bool_]:
    """Draws the units of the public board.

    Args:
        units: int64 [N], the unit of each item. All items of a unit are on one side.
        public_fraction: share of the units that are public; each side gets one at least.
        seed: the task's secret; the draw uses its stream "split", and nothing else does.

    Returns:
        bool [N], True for items of public units.

    Raises:
        TaskError: there are fewer than two units.
    """
    names, index = np.unique(units, return_inverse=True)
    if len(names) < 2:
        raise TaskError(
            "the judged items are all of one unit, which can't be both public and private; "
            "prepare.py must write two units or more"
        )
    public = min(max(round(public_fraction * len(names)), 1), len(names) - 1)
    chosen = np.zeros(len(names), dtype=np.bool_)
    chosen[seed.stream("split").permutation(len(names))[:public]] = True
    return chosen[index]
