"""What may be told of judged items: nothing of private ones, and no group of under 20 units."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from evaluators.diagnostics import Draft, diagnostics_draw, practice_drafts, public_drafts
from evaluators.report import Split
from tests.evaluators.diagnostics.answers import KINDS, STRATA, Toy, toy

LEAST = 20
NOWHERE = Path("/nowhere")
# What the fixture resets is a list of log records, which may go on through all examples.
OFTEN = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
SIZES = {"items": st.integers(2, 400), "units": st.integers(2, 150), "seed": st.integers(0, 2**32)}


def drafts_of(made: Toy, public: NDArray[np.bool_]) -> dict[str, Draft]:
    drafts = public_drafts(
        spec=made.spec, items=made.items, predictions=made.predictions, public=public
    )
    return {draft.name: draft for draft in drafts}


def told(drafts: dict[str, Draft]) -> list[tuple[object, ...]]:
    return [(d.name, d.title, d.split, d.caption, d.table.document()) for d in drafts.values()]


def split_of(made: Toy, rng: np.random.Generator, share: float = 0.5) -> NDArray[np.bool_]:
    units = np.unique(made.items.unit)
    chosen = rng.random(len(units)) < share
    return np.isin(made.items.unit, units[chosen])


def other_private(made: Toy, other: Toy, public: NDArray[np.bool_]) -> Toy:
    """The same public items, and private ones that have nothing of what they were."""

    def mixed(mine: NDArray[np.generic], new: NDArray[np.generic]) -> NDArray[np.generic]:
        if mine.ndim == 2 and mine.shape[1] != new.shape[1]:
            width = max(mine.shape[1], new.shape[1])
            mine, new = (np.pad(a, ((0, 0), (0, width - a.shape[1]))) for a in (mine, new))
        wide = np.promote_types(mine.dtype, new.dtype)
        result = new.astype(wide)
        result[public] = mine[public]
        return result

    mine, new = made.items, other.items
    assert mine.stratum is not None and new.stratum is not None
    items = replace(
        mine,
        inputs={name: mixed(mine.inputs[name], new.inputs[name]) for name in mine.inputs},
        target=mixed(mine.target, new.target),
        unit=mixed(mine.unit, new.unit + 1000).astype(np.int64),
        stratum=mixed(mine.stratum, new.stratum).astype(np.int64),
    )
    return Toy(made.spec, items, mixed(made.predictions, other.predictions))


@pytest.mark.parametrize("kind", KINDS)
@OFTEN
@given(**SIZES)
def test_private_items_change_nothing(kind: str, items: int, units: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    made = toy(kind, rng, items=items, units=units)
    public = split_of(made, rng)
    changed = other_private(made, toy(kind, rng, items=items, units=units), public)
    assert told(drafts_of(made, public)) == told(drafts_of(changed, public))


@pytest.mark.parametrize("kind", KINDS)
def test_private_items_change_no_byte_of_a_picture(kind: str) -> None:
    rng = np.random.default_rng(1)
    made = toy(kind, rng, items=500, units=300)
    public = split_of(made, rng)
    changed = other_private(made, toy(kind, rng, items=500, units=300), public)
    first, second = (
        diagnostics_draw((), drafts_of(one, public).values()) for one in (made, changed)
    )
    assert first and first == second
    assert all(one.picture is not None and one.split is Split.PUBLIC for one in first)
    # And what is public does change something.
    third = diagnostics_draw((), drafts_of(made, ~public).values())
    assert third != first


@pytest.mark.parametrize("kind", KINDS)
@OFTEN
@given(**SIZES)
def test_fewer_units_than_twenty_are_told_nothing_of(
    kind: str, items: int, units: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    made = toy(kind, rng, items=items, units=units)
    public = split_of(made, rng, share=19 / units)
    if len(np.unique(made.items.unit[public])) < LEAST:
        assert drafts_of(made, public) == {}


@pytest.mark.parametrize("kind", KINDS)
@OFTEN
@given(**SIZES)
def test_numbers_of_units_are_told_in_tens_from_twenty_on(
    kind: str, items: int, units: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    made = toy(kind, rng, items=items, units=units)
    for draft in drafts_of(made, split_of(made, rng)).values():
        document = draft.table.document()
        if draft.name.startswith("accuracy_by_class"):
            continue
        place = document["columns"].index("units, in tens")
        numbers = [row[place] for row in document["rows"]]
        assert numbers and min(numbers) >= LEAST and not any(n % 10 for n in numbers)


@OFTEN
@given(**SIZES)
def test_classes_and_strata_of_fewer_units_are_not_told(items: int, units: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    made = toy("probabilities", rng, items=items, units=units)
    public = split_of(made, rng)
    drafts = drafts_of(made, public)
    assert made.items.stratum is not None
    names = made.spec.output["answer"].classes or ()
    classes = {name: public & (made.items.target == n) for n, name in enumerate(names)}
    if "confusion" in drafts:
        _check_told(made, classes, {str(row[0]) for row in drafts["confusion"].table.rows})
    grid = drafts.get("accuracy_by_class_and_stratum")
    rows = grid.table.rows if grid else ()
    hours = [public & (made.items.stratum == n) for n in range(len(STRATA))]
    for name, _, *cells in rows:
        told = {str(n) for n, cell in enumerate(cells) if cell is not None}
        parts = {str(n): classes[str(name)] & hour for n, hour in enumerate(hours)}
        _check_told(made, parts, told)
    for number, hour in enumerate(hours):
        told = {str(row[0]) for row in rows if row[2 + number] is not None}
        _check_told(made, {name: chosen & hour for name, chosen in classes.items()}, told)
    rows = drafts["error_by_stratum"].table.rows if "error_by_stratum" in drafts else ()
    alone = {str(row[0]) for row in rows} - {"others"}
    groups = dict(zip(STRATA, hours, strict=True))
    _check_told(made, groups, alone)
    # Either all is told, or what is left is told together.
    left = [group for name, group in groups.items() if name not in alone]
    assert ("others" in {row[0] for row in rows}) == bool(alone and np.any(left).any())


@OFTEN
@given(**SIZES)
def test_bins_are_of_twenty_units(items: int, units: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    made = toy("probabilities", rng, items=items, units=units)
    public = split_of(made, rng)
    drafts = drafts_of(made, public)
    values = made.predictions.astype(np.float64)
    sure = 100 * values.max(axis=1) / values.sum(axis=1)
    rows = drafts["reliability"].table.rows if "reliability" in drafts else ()
    for name, *_ in rows:
        low, high = map(float, str(name).removesuffix(" %").split("–"))
        inside = (sure >= low - 1e-9) & ((sure < high + 1e-9) | (high == 100))
        assert _units(made, public & inside) >= LEAST
    documents = toy("bits", rng, items=items, units=units)
    lengths = np.array([len(str(t).encode()) + 1 for t in documents.items.inputs["text"]])
    drafts = drafts_of(documents, public := split_of(documents, rng))
    rows = drafts["bits_by_position"].table.rows if "bits_by_position" in drafts else ()
    for name, *_ in rows:
        start = int(str(name).split("–")[0].removesuffix(" and more"))
        assert _units(documents, public & (lengths > start)) >= LEAST


@OFTEN
@given(**SIZES)
def test_sizes_and_qualities_of_masks_are_of_twenty_units(
    items: int, units: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    made = toy("mask", rng, items=items, units=units)
    public = split_of(made, rng)
    drafts = drafts_of(made, public)
    area = 100 * made.items.target.mean(axis=(1, 2))
    rows = drafts["iou_by_size"].table.rows if "iou_by_size" in drafts else ()
    for name, *_ in rows:
        low, high = map(float, str(name).split("–"))
        inside = (area >= low) & ((area < high) | (high == 100))
        assert _units(made, public & inside) >= LEAST


@pytest.mark.parametrize("kind", KINDS)
def test_judged_items_are_never_told_of_one_by_one(kind: str) -> None:
    made = toy(kind, np.random.default_rng(0), items=500, units=300)
    public = drafts_of(made, np.arange(500) < 400)
    practice = practice_drafts(
        spec=made.spec, items=made.items, predictions=made.predictions, public=NOWHERE
    )
    alone = {draft.name for draft in practice} - set(public)
    # Groups of too few judged items are told of the practice sample instead.
    alone -= {"accuracy_by_class_and_stratum"}
    assert alone in ({"confident_mistakes"}, {"texts"}, {"residuals"}, {"masks"})
    assert not any("row in practice.npz" in d.table.columns for d in public.values())


def _check_told(made: Toy, groups: dict[str, NDArray[np.bool_]], told: set[str]) -> None:
    """What is told is large enough, and so is what is left out together."""
    assert all(_units(made, groups[name]) >= LEAST for name in told)
    left = [group for name, group in groups.items() if name not in told]
    if told and left and np.any(left, axis=0).any():
        assert _units(made, np.any(left, axis=0)) >= LEAST


def _units(made: Toy, chosen: NDArray[np.bool_]) -> int:
    return len(set(made.items.unit[chosen].tolist()))


@OFTEN
@given(**SIZES)
def test_many_classes_are_told_one_by_one_only_from_twenty_units_on(
    items: int, units: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    made = toy("many_classes", rng, items=items, units=units)
    public = split_of(made, rng)
    drafts = drafts_of(made, public)
    for name in ("accuracy_by_class", "confusion"):
        for label, *_ in drafts[name].table.rows if name in drafts else ():
            number = int(str(label).removeprefix("class "))
            assert _units(made, public & (made.items.target == number)) >= LEAST
