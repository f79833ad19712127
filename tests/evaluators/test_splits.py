"""The public and the private side of the judged units."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluators.errors import TaskError
from evaluators.runner.seed import Seed
from evaluators.splits import units_split

SEED = Seed(b"a secret of an installation")
UNITS = np.repeat(np.arange(100), 3)


def test_the_fraction_of_units_is_public() -> None:
    public = units_split(UNITS, public_fraction=0.3, seed=SEED)
    assert public.dtype == np.bool_
    assert public.sum() == 90


@given(
    st.lists(st.integers(-(2**63), 2**63 - 1), min_size=2, max_size=60).filter(
        lambda units: len(set(units)) > 1
    ),
    st.floats(0, 1, exclude_min=True, exclude_max=True),
)
def test_no_unit_straddles_and_no_side_is_empty(units: list[int], fraction: float) -> None:
    array = np.array(units, dtype=np.int64)
    public = units_split(array, public_fraction=fraction, seed=SEED)
    assert set(array[public]).isdisjoint(array[~public])
    assert public.any() and not public.all()


def test_the_same_secret_gives_the_same_split() -> None:
    again = units_split(UNITS, public_fraction=0.3, seed=Seed.from_hex(SEED.hex()))
    assert np.array_equal(again, units_split(UNITS, public_fraction=0.3, seed=SEED))


def test_the_order_of_items_does_not_matter() -> None:
    order = np.random.default_rng(0).permutation(len(UNITS))
    whole = units_split(UNITS, public_fraction=0.3, seed=SEED)
    assert np.array_equal(units_split(UNITS[order], public_fraction=0.3, seed=SEED), whole[order])


def test_another_secret_gives_another_split() -> None:
    other = units_split(UNITS, public_fraction=0.3, seed=Seed(b"another secret of 16+"))
    assert not np.array_equal(other, units_split(UNITS, public_fraction=0.3, seed=SEED))


def test_every_unit_is_drawn_equally_often() -> None:
    # 300 draws of 30 of 100: 90 times each, with a standard deviation of 7.9.
    counts = np.zeros(100)
    for number in range(300):
        seed = SEED.child(str(number))
        counts += units_split(np.arange(100), public_fraction=0.3, seed=seed)
    assert counts.min() > 55 and counts.max() < 125


@pytest.mark.parametrize("units", [[], [7], [7, 7, 7]])
def test_one_unit_can_not_be_split(units: list[int]) -> None:
    with pytest.raises(TaskError, match="two units or more"):
        units_split(np.array(units, dtype=np.int64), public_fraction=0.3, seed=SEED)
