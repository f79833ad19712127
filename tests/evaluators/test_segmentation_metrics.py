"""Metrics of masks: by hand, and against scikit-learn."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as numpy_st
from numpy.typing import NDArray
from sklearn.metrics import f1_score, jaccard_score

from evaluators.metrics import METRICS

NAMES = ("mean_iou", "dice")
Masks = NDArray[np.uint8]


def score(name: str, target: Masks, predictions: Masks) -> float:
    metric = METRICS[name]
    return float(metric.combine(metric.item_stats(target, predictions).sum(axis=0)))


def masks(*rows: str) -> Masks:
    """Images of one line each, such as "0110"."""
    return np.array([[[int(pixel) for pixel in row]] for row in rows], np.uint8)


def test_one_image_by_hand() -> None:
    # Two pixels in both, one in each alone.
    target, found = masks("11100"), masks("01110")
    assert score("mean_iou", target, found) == pytest.approx(2 / 4)
    assert score("dice", target, found) == pytest.approx(2 * 2 / (3 + 3))


def test_a_small_digit_counts_like_a_large_one() -> None:
    # All of six pixels found, and nothing of one: over all pixels it would be 6/7.
    target, found = masks("111111", "100000"), masks("111111", "000000")
    assert score("mean_iou", target, found) == pytest.approx(1 / 2)
    assert score("dice", target, found) == pytest.approx(1 / 2)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_found_where_nothing_is_is_right(name: str) -> None:
    assert score(name, masks("0000"), masks("0000")) == 1
    assert score(name, masks("0000"), masks("0001")) == 0
    assert score(name, masks("0001"), masks("0000")) == 0


@pytest.mark.parametrize("name", NAMES)
def test_the_same_masks_are_perfect_and_their_opposites_worthless(name: str) -> None:
    target = np.random.default_rng(0).integers(0, 2, (5, 8, 8), dtype=np.uint8)
    assert score(name, target, target) == 1
    assert score(name, target, 1 - target) == 0


def test_all_foreground_scores_its_share() -> None:
    target, found = masks("1000", "1100"), masks("1111", "1111")
    assert score("mean_iou", target, found) == pytest.approx((1 / 4 + 2 / 4) / 2)
    assert score("dice", target, found) == pytest.approx((2 / 5 + 4 / 6) / 2)


def test_areas_beyond_a_byte_are_counted() -> None:
    whole = np.ones((1, 64, 64), np.uint8)
    half = whole.copy()
    half[:, 32:] = 0
    assert score("mean_iou", whole, half) == 0.5
    assert score("dice", whole, half) == pytest.approx(2 / 3)


@pytest.mark.parametrize("name", NAMES)
def test_more_is_better(name: str) -> None:
    metric = METRICS[name]
    assert metric.direction == "maximize"
    assert metric.sort_key(0.9) < metric.sort_key(0.8)


@pytest.mark.parametrize("name", NAMES)
def test_only_masks_are_judged(name: str) -> None:
    METRICS[name].check_output("mask")
    for kind in ("values", "probabilities", "bits"):
        with pytest.raises(ValueError, match="mask"):
            METRICS[name].check_output(kind)


@st.composite
def answers(draw: st.DrawFn) -> tuple[Masks, Masks]:
    shape = draw(st.tuples(st.integers(1, 6), st.integers(1, 5), st.integers(1, 5)))
    one = numpy_st.arrays(np.uint8, shape, elements=st.integers(0, 1))
    return draw(one), draw(one)


@given(answers())
def test_they_agree_with_scikit_learn(case: tuple[Masks, Masks]) -> None:
    target, found = case
    pairs = [(t.ravel(), f.ravel()) for t, f in zip(target, found, strict=True)]
    wanted = np.mean([jaccard_score(t, f, zero_division=1) for t, f in pairs])
    assert score("mean_iou", target, found) == pytest.approx(wanted)
    wanted = np.mean([f1_score(t, f, zero_division=1) for t, f in pairs])
    assert score("dice", target, found) == pytest.approx(wanted)


@given(answers())
def test_dice_is_kinder_and_follows_from_iou(case: tuple[Masks, Masks]) -> None:
    target, found = case
    iou, dice = (METRICS[name].item_stats(target, found)[:, 0] for name in NAMES)
    assert dice == pytest.approx(2 * iou / (1 + iou))
    assert np.all(dice >= iou)


@given(answers(), st.sampled_from(NAMES), st.data())
def test_weights_are_repeated_items(
    case: tuple[Masks, Masks], name: str, data: st.DataObject
) -> None:
    target, found = case
    counts = st.lists(st.integers(0, 3), min_size=len(target), max_size=len(target))
    weights = np.array(data.draw(counts.filter(any)))
    metric = METRICS[name]
    combined = metric.combine(weights @ metric.item_stats(target, found))
    chosen = np.repeat(np.arange(len(target)), weights)
    assert combined == pytest.approx(score(name, target[chosen], found[chosen]))


@pytest.mark.parametrize("name", NAMES)
def test_many_sums_are_combined_at_once(name: str) -> None:
    metric = METRICS[name]
    stats = metric.item_stats(masks("1100", "0011", "0110"), masks("1000", "0011", "0000"))
    sums = np.stack([stats.sum(axis=0), stats[:2].sum(axis=0)])
    wanted = [float(metric.combine(row)) for row in sums]
    assert metric.combine(sums).tolist() == wanted
    assert metric.combine(sums[None]).tolist() == [wanted]
