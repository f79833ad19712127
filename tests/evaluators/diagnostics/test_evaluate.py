"""Diagnostics of models that were really run."""

import warnings
from pathlib import Path

import pytest

import evaluators.diagnostics.pictures.canvas
from evaluators.evaluate import DIAGNOSTICS
from evaluators.report import Split
from evaluators.sandbox import Sandbox
from evaluators.verdicts import Verdict
from tests.evaluators.judging import judge, predicting
from tests.evaluators.tiny_task import GOOD_MODEL
from tests.evaluators.tiny_text_task import UNIFORM_MODEL, judge_lines

pytestmark = pytest.mark.sandbox
LINES = tuple(f"line {number} of many" for number in range(60))


def test_a_scored_model_is_told_where_it_is_good(bubblewrap: Sandbox, tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        report = judge(bubblewrap, tmp_path, GOOD_MODEL, public_fraction="0.9")
    assert report.verdict is Verdict.SCORED
    told = {one.name: one for one in report.diagnostics}
    # 27 of 30 pairs are public: too few of either class for a row of its own, not for one bin.
    assert told["reliability"].split is Split.PUBLIC
    assert told["reliability"].data["rows"] == [["0–100 %", 20, 90, 100]]
    assert all(one.picture and one.picture.startswith(b"\x89PNG") for one in report.diagnostics)
    assert report.durations[DIAGNOSTICS] > 0


def test_the_same_model_is_told_the_same(bubblewrap: Sandbox, tmp_path: Path) -> None:
    first = judge(bubblewrap, tmp_path / "1", GOOD_MODEL)
    second = judge(bubblewrap, tmp_path / "2", GOOD_MODEL)
    assert first.diagnostics and first.diagnostics == second.diagnostics


def test_nothing_of_few_public_units_but_of_the_practice_sample(
    bubblewrap: Sandbox, tmp_path: Path
) -> None:
    report = judge(bubblewrap, tmp_path, GOOD_MODEL)
    assert {one.split for one in report.diagnostics} == {Split.PRACTICE}


def test_who_fails_on_hidden_inputs_is_told_of_practice_ones(
    bubblewrap: Sandbox, tmp_path: Path
) -> None:
    fails = predicting("if n != 30: raise ValueError(n)")
    report = judge(bubblewrap, tmp_path, fails)
    assert report.verdict is Verdict.RUNTIME_ERROR
    assert {one.split for one in report.diagnostics} == {Split.PRACTICE}


def test_who_gives_no_answers_is_told_nothing(bubblewrap: Sandbox, tmp_path: Path) -> None:
    report = judge(bubblewrap, tmp_path, predicting("raise ValueError"))
    assert report.diagnostics == ()


def test_a_language_model_is_told_its_bits(bubblewrap: Sandbox, tmp_path: Path) -> None:
    source = UNIFORM_MODEL + "\n    def sample(self, seed, n):\n        return ['<b>x</b>'] * n\n"
    report = judge_lines(bubblewrap, tmp_path, source, judged=LINES, public_fraction="0.5")
    assert report.verdict is Verdict.SCORED
    told = {one.name: one for one in report.diagnostics}
    assert told["bits_by_position"].split is Split.PUBLIC
    # Of 257 symbols each is as likely: log2 257 = 8.0056 bits.
    assert {row[2] for row in told["bits_by_position"].data["rows"]} == {8.01}
    assert told["samples"].data["rows"][0][0] == "<b>x</b>"


def test_no_fault_of_a_picture_costs_a_score(
    bubblewrap: Sandbox,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(text: str) -> str:
        raise MemoryError("no room for a picture")

    for module in ("bars", "heat"):
        monkeypatch.setattr(f"evaluators.diagnostics.pictures.{module}.label", broken)
    monkeypatch.setattr(evaluators.diagnostics.pictures.canvas, "DPI", "no number")
    report = judge(bubblewrap, tmp_path, GOOD_MODEL)
    assert report.verdict is Verdict.SCORED
    assert report.diagnostics and not any(one.picture for one in report.diagnostics)
    # It is logged, so that somebody sees it; the fixture takes it for a fault otherwise.
    assert "the picture of confusion is left out" in caplog.text
    caplog.clear()
