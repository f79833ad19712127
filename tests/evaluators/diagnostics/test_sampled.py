"""What is told of drawn texts beside real ones."""

from pathlib import Path

import numpy as np
import pytest

from evaluators.diagnostics.make import practice_drafts, public_drafts
from evaluators.errors import SubmissionError
from evaluators.report import Samples, Split
from evaluators.sampling_scores import sampling_scores
from tests.evaluators.diagnostics.answers import toy

TRAINING = tuple(
    f"of the {first} and the {second} there came another" for first in "abc" for second in "xyz"
)
MADE = toy("bits", np.random.default_rng(3), items=40, units=40, strata=False)
REAL = [str(text) for text in MADE.items.inputs["text"]]


@pytest.fixture
def public(tmp_path: Path) -> Path:
    np.savez(tmp_path / "train.npz", text=np.array(TRAINING))
    return tmp_path


def table_of(samples: Samples, public: Path) -> dict[str, tuple[object, object]]:
    drafts = practice_drafts(
        spec=MADE.spec,
        items=MADE.items,
        predictions=MADE.predictions,
        public=public,
        samples=samples,
    )
    (draft,) = [one for one in drafts if one.name == "sampling"]
    assert draft.split is Split.PRACTICE
    return {str(name): (drawn, real) for name, drawn, real in draft.table.rows}


def test_the_numbers_are_those_of_the_scores(public: Path) -> None:
    samples = (*TRAINING[:3], "something else altogether", "and so on, and so on")
    scores = sampling_scores(samples, REAL, TRAINING)
    rows = list(table_of(Samples(samples), public).values())
    assert rows[0] == pytest.approx((scores.samples.divergence, scores.human.divergence), rel=0.005)
    for row, n in zip(rows[1:4], range(3), strict=True):
        wanted = (100 * scores.samples.distinct[n], 100 * scores.human.distinct[n])
        assert row == pytest.approx(wanted, abs=0.5)
    bleu = (100 * scores.samples.self_bleu, 100 * scores.human.self_bleu)
    assert rows[4] == pytest.approx(bleu, abs=0.5)
    assert rows[5] == (len(TRAINING[0]), scores.human.median_passage)
    assert rows[6][0] == len(TRAINING[0])
    assert rows[7][0] == 100 and rows[8] == (60, 0)


def test_without_training_texts_copies_are_not_told_of(tmp_path: Path) -> None:
    assert len(table_of(Samples(TRAINING), tmp_path)) == 5


@pytest.mark.parametrize("samples", [(), ("one",)])
def test_of_too_few_texts_nothing_is_told(samples: tuple[str, ...], public: Path) -> None:
    drafts = practice_drafts(
        spec=MADE.spec,
        items=MADE.items,
        predictions=MADE.predictions,
        public=public,
        samples=Samples(samples),
    )
    assert "sampling" not in {draft.name for draft in drafts}


def test_why_no_texts_could_be_drawn_is_told(public: Path) -> None:
    message = SubmissionError("samples_wrong", got="3 texts", wanted=200).message
    drafts = practice_drafts(
        spec=MADE.spec,
        items=MADE.items,
        predictions=MADE.predictions,
        public=public,
        samples=Samples(message=message),
    )
    (draft,) = [one for one in drafts if one.name == "sampling"]
    assert draft.table.rows == ((message.text, message.help),)
    assert "3 texts" in message.text


def test_judged_texts_are_not_compared_with(public: Path) -> None:
    everything = np.ones(len(MADE.items), np.bool_)
    drafts = public_drafts(
        spec=MADE.spec, items=MADE.items, predictions=MADE.predictions, public=everything
    )
    assert drafts and "sampling" not in {draft.name for draft in drafts}
