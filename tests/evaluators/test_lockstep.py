"""Models that play by the rules of lockstep, and models that don't."""

import io
import math
from pathlib import Path

import numpy as np
import pytest

from evaluators.protocols.lockstep import (
    BATCH_DOCUMENTS,
    SYMBOLS,
    UNIFORM_SHARE,
    document_symbols,
    symbol_bits,
)
from evaluators.report import EvaluationReport, Split, Stage
from evaluators.sandbox import Sandbox
from evaluators.sandbox.fake import FakeSandbox
from evaluators.verdicts import Verdict
from tests.evaluators.tiny_text_task import JUDGED, UNIFORM_MODEL, judge_lines, stepping


def bits(report: EvaluationReport) -> np.ndarray:
    assert report.predictions is not None
    with np.load(io.BytesIO(report.predictions)) as file:
        return np.asarray(file["predictions"])


def test_a_document_is_its_bytes_and_an_end() -> None:
    assert document_symbols("é").tolist() == [0xC3, 0xA9, 256]


def test_bits_are_those_of_the_mixed_softmax() -> None:
    logs = np.log(np.full((2, SYMBOLS), 1 / SYMBOLS, np.float32))
    logs[1] = -np.inf
    logs[1, 7] = 3.0
    expected = [
        math.log2(SYMBOLS),
        -math.log2(1 - UNIFORM_SHARE + UNIFORM_SHARE / SYMBOLS),
    ]
    assert symbol_bits(logs, np.array([0, 7], np.uint16)) == pytest.approx(expected)
    wrong = symbol_bits(logs, np.array([0, 8], np.uint16))[1]
    assert wrong == pytest.approx(math.log2(SYMBOLS / UNIFORM_SHARE))


def test_a_uniform_model_costs_eight_bits_a_byte(fake: FakeSandbox, tmp_path: Path) -> None:
    report = judge_lines(fake, tmp_path, UNIFORM_MODEL)
    assert report.verdict is Verdict.SCORED
    table = bits(report)
    lengths = [len(text.encode()) + 1 for text in JUDGED]
    assert table.shape == (len(JUDGED), max(lengths))
    for row, length in zip(table, lengths, strict=True):
        assert row[:length] == pytest.approx(math.log2(SYMBOLS))
        assert not row[length:].any()
    practice = report.score("bits_per_character", Split.PRACTICE)
    assert practice is not None and practice.value == pytest.approx(math.log2(SYMBOLS))


@pytest.mark.sandbox
def test_the_real_sandbox_agrees_with_the_fake(
    fake: FakeSandbox, bubblewrap: Sandbox, tmp_path: Path
) -> None:
    source = stepping("flat[np.arange(n), symbols % 256] = 2.5", "flat[:, 256] += 0.1 * state")
    scores = [
        judge_lines(sandbox, tmp_path / str(number), source).scores
        for number, sandbox in enumerate((fake, bubblewrap))
    ]
    assert scores[0] == scores[1]
    assert {score.split for score in scores[0]} == set(Split)


@pytest.mark.parametrize(
    "line",
    [
        "flat += 1000.0",
        "flat -= 1e30",
        "flat[np.arange(n), symbols] += 0.0",
        # After their end documents are not looked at any more.
        "flat[symbols == 256] = np.nan if self.__dict__.setdefault('t', 0) else 0",
    ],
)
def test_what_is_not_normalised_gains_nothing(fake: FakeSandbox, tmp_path: Path, line: str) -> None:
    reports = [
        judge_lines(fake, tmp_path / name, source)
        for name, source in (("plain", UNIFORM_MODEL), ("odd", stepping(line)))
    ]
    assert reports[1].verdict is Verdict.SCORED
    for plain, odd in zip(reports[0].scores, reports[1].scores, strict=True):
        assert odd.value == pytest.approx(plain.value, abs=1e-9)


def test_certainty_that_is_wrong_costs_a_bounded_number_of_bits(
    fake: FakeSandbox, tmp_path: Path
) -> None:
    report = judge_lines(fake, tmp_path, stepping("flat[:] = -np.inf", "flat[:, ord('#')] = 0.0"))
    assert report.verdict is Verdict.SCORED
    table = bits(report)
    assert table.max() == pytest.approx(math.log2(SYMBOLS / UNIFORM_SHARE))


def test_a_model_that_ignores_its_state_is_judged_by_what_it_answers(
    fake: FakeSandbox, tmp_path: Path
) -> None:
    forgetful = stepping("flat[:, 256] = -1.0", "state = None")
    keeping = stepping("flat[:, 256] = -1.0")
    scores = [
        judge_lines(fake, tmp_path / str(number), source).scores
        for number, source in enumerate((forgetful, keeping))
    ]
    assert scores[0] == scores[1]


FAULTS = {
    "log_probabilities_nan": ["flat[0, 3] = np.nan", "flat[0, 3] = np.inf"],
    "log_probabilities_none": ["flat[0] = -np.inf"],
    "predictions_shape": [
        "return flat[:, :256], state",
        "return flat[:-1], state",
        "return flat[None], state",
    ],
    "predictions_type": [
        "return flat.astype(np.float64), state",
        "return flat.astype('>f4'), state",
    ],
    "predict_failed": [
        "raise ValueError('no')",
        "return flat",
        "return None",
        "return [[{}]], state",
    ],
    "exited": ["sys.exit(3)"],
    "out_of_time": ["time.sleep(5)"],
}
VERDICTS = {
    "predict_failed": Verdict.RUNTIME_ERROR,
    "exited": Verdict.RUNTIME_ERROR,
    "out_of_time": Verdict.TIMEOUT,
}


@pytest.mark.parametrize(
    ("code", "line"), [(code, line) for code, lines in FAULTS.items() for line in lines]
)
def test_what_step_does_wrong_has_its_verdict(
    fake: FakeSandbox, tmp_path: Path, code: str, line: str
) -> None:
    report = judge_lines(fake, tmp_path, stepping(line), wall_seconds="1")
    assert report.message is not None
    assert report.message.code == code
    assert report.verdict is VERDICTS.get(code, Verdict.INVALID_PREDICTIONS)
    assert report.stage is Stage.PRACTICE
    assert report.scores == ()


def test_a_model_may_stop_answering_only_in_the_judged_stage(
    fake: FakeSandbox, tmp_path: Path
) -> None:
    report = judge_lines(fake, tmp_path, stepping("if n > 3: time.sleep(5)"), wall_seconds="1")
    assert report.verdict is Verdict.TIMEOUT
    assert report.stage is Stage.JUDGED
    assert {score.split for score in report.scores} == {Split.PRACTICE}


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("class Model:\n    def __init__(self, folder): ...", "no method start"),
        (
            "class Model:\n    def __init__(self, folder): ...\n    def start(self, n): ...",
            "no method step",
        ),
    ],
)
def test_a_model_without_the_methods_is_told_them(
    fake: FakeSandbox, tmp_path: Path, source: str, words: str
) -> None:
    report = judge_lines(fake, tmp_path, source)
    assert report.verdict is Verdict.LOAD_ERROR
    assert report.message is not None
    assert words in report.message.text
    assert "step(self, state, symbols)" in report.message.help


def test_start_that_fails_is_named(fake: FakeSandbox, tmp_path: Path) -> None:
    report = judge_lines(fake, tmp_path, stepping(start="raise KeyError('state')"))
    assert report.message is not None
    assert report.message.text.startswith("start raised KeyError")


def test_every_batch_begins_anew(fake: FakeSandbox, tmp_path: Path) -> None:
    """More documents than a batch takes: `start` is told the size of each."""
    judged = tuple(f"document {number}" for number in range(BATCH_DOCUMENTS + 3))
    source = stepping(
        "assert n == state['n'], (n, state)",
        "assert state['steps'] or (symbols == 256).all()",
        "state['steps'] += 1",
        start="return {'n': batch_size, 'steps': 0}",
    )
    report = judge_lines(fake, tmp_path, source, judged=judged)
    assert report.verdict is Verdict.SCORED, report.message
    assert bits(report).shape[0] == len(judged)
