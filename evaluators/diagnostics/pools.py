"""Neighbouring bins, pooled until each is of enough units to be told of."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluators.diagnostics.answered import Answered, Chosen


@dataclass(frozen=True, slots=True)
class Pool:
    """Some neighbouring bins together.

    Attributes:
        first: number of its first bin.
        last: number of its last bin.
        chosen: bool [N], the items in them.
    """

    first: int
    last: int
    chosen: Chosen


def bins_pool(answered: Answered, bins: NDArray[np.int64], count: int) -> list[Pool]:
    """Pools bins from the first on; what is left at the end joins the last pool.

    Args:
        answered: the items.
        bins: int64 [N], the bin of each item, from 0 to count - 1.
        count: how many bins there are.

    Returns:
        Pools that are all of enough units; none if all items together are not.
    """
    pools: list[Pool] = []
    first = 0
    for last in range(count):
        chosen = (bins >= first) & (bins <= last)
        if answered.enough(chosen):
            pools.append(Pool(first, last, chosen))
            first = last + 1
    if pools and first < count:
        begin = pools.pop().first
        pools.append(Pool(begin, count - 1, bins >= begin))
    return pools


def ranges(pools: list[Pool], edges: list[str]) -> Iterator[str]:
    """The name of each pool by the edges of its bins: "0.2–0.5"."""
    for pool in pools:
        yield f"{edges[pool.first]}–{edges[pool.last + 1]}"
