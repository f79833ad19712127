"""Diagnostics say what a direct computation says."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.metrics import confusion_matrix, jaccard_score

from evaluators.diagnostics import Draft, diagnostics_draw, practice_drafts, public_drafts
from evaluators.items import Items
from evaluators.report import Samples, Split
from tests.evaluators.diagnostics.answers import STRATA, Toy, spec_of, toy

NOWHERE = Path("/nowhere")


def practice_of(
    made: Toy, public: Path = NOWHERE, samples: Samples | None = None
) -> dict[str, Draft]:
    drafts = practice_drafts(
        spec=made.spec,
        items=made.items,
        predictions=made.predictions,
        public=public,
        samples=samples,
    )
    return {draft.name: draft for draft in drafts}


def public_of(made: Toy) -> dict[str, Draft]:
    everything = np.ones(len(made.items), np.bool_)
    drafts = public_drafts(
        spec=made.spec, items=made.items, predictions=made.predictions, public=everything
    )
    return {draft.name: draft for draft in drafts}


def made_of(kind: str, items: int = 600, *, strata: bool = True) -> Toy:
    return toy(kind, np.random.default_rng(3), items=items, units=items, strata=strata)


def test_a_confusion_matrix_is_that_of_scikit_learn() -> None:
    made = made_of("probabilities")
    said = made.predictions.argmax(axis=1)
    wanted = 100 * confusion_matrix(made.items.target, said, normalize="true")
    table = public_of(made)["confusion"].table
    assert table.columns == ("true class", "units, in tens", "$x^{2$, %", "日本語, %", "dog, %")
    assert np.abs(np.array([row[2:] for row in table.rows], float) - wanted).max() <= 0.5
    counts = np.bincount(made.items.target.astype(np.int64)) // 10 * 10
    assert [row[1] for row in table.rows] == counts.tolist()


def test_of_many_classes_the_most_confused_pairs_are_told() -> None:
    made = made_of("many_classes", items=1400)
    said = made.predictions.argmax(axis=1)
    shares = confusion_matrix(made.items.target, said, normalize="true")
    np.fill_diagonal(shares, 0)
    rows = public_of(made)["confusion"].table.rows
    best = sorted(100 * shares.ravel(), reverse=True)[: len(rows)]
    assert [row[2] for row in rows] == pytest.approx(best, abs=1.001)
    for true, chosen, percent, _ in rows:
        pair = (int(str(true).split()[1]), int(str(chosen).split()[1]))
        assert percent == pytest.approx(100 * shares[pair], abs=0.501)


def test_the_worst_class_comes_first_and_each_cell_is_its_accuracy() -> None:
    made = made_of("many_classes", items=1400)
    right = made.predictions.argmax(axis=1) == made.items.target
    draft = practice_of(made)["accuracy_by_class_and_stratum"]
    assert draft.table.columns[1:] == ("all, % right", *(f"{s}, % right" for s in STRATA))
    first = [row[1] for row in draft.table.rows]
    assert first == sorted(first, key=lambda share: float(share or 0))
    for name, whole, *cells in draft.table.rows:
        of_class = made.items.target == int(str(name).split()[1])
        assert whole == pytest.approx(100 * right[of_class].mean(), abs=0.501)
        for number, cell in enumerate(cells):
            chosen = right[of_class & (made.items.stratum == number)]
            wanted = pytest.approx(100 * chosen.mean(), abs=0.501) if len(chosen) else None
            assert cell == wanted


def test_reliability_is_the_share_of_right_answers_at_each_confidence() -> None:
    made = made_of("probabilities")
    sure = made.predictions.max(axis=1) / made.predictions.sum(axis=1, dtype=np.float64)
    right = made.predictions.argmax(axis=1) == made.items.target
    rows = public_of(made)["reliability"].table.rows
    assert str(rows[0][0]).startswith("0–") and str(rows[-1][0]).endswith("–100 %")
    for name, _, mean, hits in rows:
        low, high = map(float, str(name).removesuffix(" %").split("–"))
        inside = (100 * sure >= low) & ((100 * sure < high) | (high == 100))
        assert mean == pytest.approx(100 * sure[inside].mean(), abs=0.501)
        assert hits == pytest.approx(100 * right[inside].mean(), abs=0.501)


@pytest.mark.parametrize("kind", ["probabilities", "values", "mask", "bits"])
def test_errors_by_stratum(kind: str) -> None:
    made = made_of(kind)
    table = public_of(made)["error_by_stratum"].table
    assert [row[0] for row in table.rows] == list(STRATA)
    for number, (_, _, told) in enumerate(table.rows):
        chosen = np.asarray(made.items.stratum == number)
        assert float(told or 0) == pytest.approx(_error(kind, made, chosen), rel=0.006, abs=0.51)


def _with_strata(made: Toy, *sizes: int) -> dict[str, Draft]:
    stratum = np.repeat(np.arange(len(sizes)), sizes)
    return public_of(replace(made, items=replace(made.items, stratum=stratum)))


def test_small_strata_are_pooled_and_named() -> None:
    table = _with_strata(made_of("values"), 570, 15, 15)["error_by_stratum"].table
    assert [row[0] for row in table.rows] == ["morning", "others"]
    assert table.notes == ("Pooled, as some are too small to be told alone: noon, evening.",)


def test_a_small_stratum_can_t_be_reckoned_from_the_others() -> None:
    # Who knows the whole and all but one stratum knows that one, too.
    table = _with_strata(made_of("values"), 500, 85, 15)["error_by_stratum"].table
    assert [row[0] for row in table.rows] == ["morning", "others"]
    assert "error_by_stratum" not in _with_strata(made_of("values"), 585, 15, 0)


def test_predicted_and_observed_agree_on_average_where_a_model_is_right() -> None:
    made = made_of("values")
    exact = replace(made, predictions=made.items.target.astype(np.float32))
    rows = public_of(exact)["observed_by_predicted"].table.rows
    assert len(rows) == 10 and all(said == was for _, said, was in rows)
    assert [row[1] for row in rows] == sorted(float(row[1] or 0) for row in rows)


def test_residuals_are_of_each_practice_item_over_its_stratum() -> None:
    made = made_of("values", items=50)
    draft = practice_of(made)["residuals"]
    assert draft.title == "Residuals over time of day" and draft.split is Split.PRACTICE
    assert made.items.stratum is not None
    for item, over, true, said in draft.table.rows:
        assert over == STRATA[made.items.stratum[int(item or 0)]]
        assert float(true or 0) == pytest.approx(made.items.target[int(item or 0)], rel=0.006)
        assert float(said or 0) == pytest.approx(made.predictions[int(item or 0)], rel=0.006)
    without = practice_of(made_of("values", items=50, strata=False))["residuals"]
    assert [row[1] for row in without.table.rows] == [str(item) for item in range(50)]


def test_masks_are_told_from_the_worst_to_the_best() -> None:
    made = made_of("mask", items=60)
    target, said = made.items.target, made.predictions
    wanted = [
        jaccard_score(t.ravel(), p.ravel(), zero_division=1.0)
        for t, p in zip(target, said, strict=True)
    ]
    rows = practice_of(made)["masks"].table.rows
    assert [row[1] for row in rows] == pytest.approx(
        [*sorted(wanted)[:4], *sorted(wanted)[-4:]], abs=0.0006
    )
    for item, iou, to_find, answered in rows:
        assert iou == pytest.approx(wanted[int(item or 0)], abs=0.0006)
        assert (to_find, answered) == (target[int(item or 0)].sum(), said[int(item or 0)].sum())
    told = public_of(made_of("mask"))["iou_histogram"].table.rows
    assert sum(int(row[2] or 0) for row in told) == pytest.approx(100, abs=3)


def test_bits_by_position_are_means_of_the_symbols_there() -> None:
    made = made_of("bits")
    lengths = np.array([len(str(t).encode()) + 1 for t in made.items.inputs["text"]])
    rows = public_of(made)["bits_by_position"].table.rows
    assert [row[0] for row in rows[:4]] == ["0", "1", "2–3", "4–7"]
    position = np.arange(made.predictions.shape[1])
    there = position < lengths[:, None]
    for name, _, told in rows:
        start, *rest = map(int, str(name).removesuffix(" and more").split("–"))
        end = 1 << 30 if "more" in str(name) else (rest or [start])[0]
        inside = there & (position >= start) & (position <= end)
        assert told == pytest.approx(made.predictions[inside].mean(), rel=0.006)


def test_the_surest_mistakes_are_shown() -> None:
    made = made_of("probabilities", items=80)
    rows = practice_of(made)["confident_mistakes"].table.rows
    said = made.predictions.argmax(axis=1)
    wrong = np.flatnonzero(said != made.items.target)
    surest = sorted(wrong, key=lambda item: -made.predictions[item].max())[:8]
    assert [row[0] for row in rows] == surest
    names = made.spec.output["answer"].classes or ()
    for item, true, answered, _ in rows:
        assert true == names[int(made.items.target[int(item or 0)])]
        assert answered == names[int(said[int(item or 0)])] != true


def test_a_model_without_mistakes_has_none_to_show() -> None:
    made = made_of("probabilities", items=80)
    exact = np.eye(3, dtype=np.float32)[made.items.target.astype(np.int64)]
    assert "confident_mistakes" not in practice_of(replace(made, predictions=exact))


def test_hard_texts_stand_beside_what_they_are_like_in_training(tmp_path: Path) -> None:
    made = made_of("many_classes", items=40)
    training = np.array(["not at all", "mind to suffer it", "日本"])
    np.savez(tmp_path / "train.npz", text=training, target=np.array([3, 5, 99]))
    table = practice_of(made, tmp_path)["texts"].table
    assert table.columns[-3:] == ("nearest training text", "its likeness, %", "its class")
    near = {row[1]: row[5:] for row in table.rows}
    assert near.get("mind to suffer", ("mind to suffer it",))[0] == "mind to suffer it"
    for text, (found, likeness, label) in near.items():
        assert found in training and 0 <= int(likeness or 0) <= 100 and text
        assert label == {"not at all": "class 3", "mind to suffer it": "class 5"}.get(str(found))
    assert len(practice_of(made)["texts"].table.columns) == 5


def test_texts_of_a_language_model_and_what_it_draws(tmp_path: Path) -> None:
    made = made_of("bits", items=40)
    np.savez(tmp_path / "train.npz", text=np.array(["the very same", "another"]))
    samples = Samples(("the very same", "x" * 2000, *("y" for _ in range(50))))
    drafts = practice_of(made, tmp_path, samples)
    bits = made.predictions.sum(axis=1) / (made.items.target.astype(np.float64) + 1)
    told = [float(row[1] or 0) for row in drafts["texts"].table.rows]
    assert told[:4] == pytest.approx(sorted(bits)[::-1][:4], rel=0.006)
    assert told[4:] == pytest.approx(sorted(bits)[3::-1], rel=0.006)
    first, long, *rest = drafts["samples"].table.rows
    assert first == ("the very same", "the very same", 100)
    assert len(str(long[0])) == 300 and len(rest) == 4
    assert "samples" not in practice_of(made, tmp_path, Samples())


def test_of_what_both_splits_tell_the_public_one_is_kept() -> None:
    made = made_of("values", items=60)
    few = toy("values", np.random.default_rng(0), items=60, units=19)
    for one, split in ((made, Split.PUBLIC), (few, Split.PRACTICE)):
        drawn = diagnostics_draw(practice_of(made).values(), public_of(one).values())
        splits = {found.name: found.split for found in drawn}
        assert splits["error_by_stratum"] is split and splits["residuals"] is Split.PRACTICE
        assert len(splits) == len(drawn) == 3


def test_targets_that_only_a_scorer_understands_are_told_nothing_of() -> None:
    made = made_of("mask", items=60)
    strange = replace(made.items, target=np.zeros((60, 3), np.float64))
    assert practice_of(replace(made, items=strange)) == {}


@pytest.mark.parametrize("items", [1, 2])
@pytest.mark.parametrize("kind", ["probabilities", "many_classes", "values", "mask", "bits"])
def test_one_item_is_enough_for_a_practice_sample(kind: str, items: int) -> None:
    for found in diagnostics_draw(practice_of(made_of(kind, items=items)).values()):
        assert found.picture is not None or found.name == "texts"


def test_a_task_without_strata_has_no_errors_by_them() -> None:
    for kind in ("probabilities", "values", "mask", "bits"):
        assert "error_by_stratum" not in practice_of(made_of(kind, items=60, strata=False))
    spec = spec_of("values", strata=False)
    assert spec.strata is None


def _error(kind: str, made: Toy, chosen: NDArray[np.bool_]) -> float:
    items: Items = made.items
    target, said = items.target[chosen], made.predictions[chosen]
    if kind == "probabilities":
        return 100 * float((said.argmax(axis=1) != target).mean())
    if kind == "values":
        return float(np.abs(said.astype(np.float64) - target.astype(np.float64)).mean())
    if kind == "bits":
        return float(said.sum() / (target.astype(np.float64) + 1).sum())
    pairs = zip(target, said, strict=True)
    return 100 * float(
        np.mean([jaccard_score(t.ravel(), p.ravel(), zero_division=1.0) for t, p in pairs])
    )
