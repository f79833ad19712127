"""A model that answers badly only on hidden inputs can't send them home in the refusal."""

from pathlib import Path

import pytest

from evaluators.report import Stage
from evaluators.sandbox import Sandbox
from evaluators.verdicts import Verdict
from tests.evaluators.judging import judge, predicting

pytestmark = pytest.mark.sandbox

# The practice sample has 30 items, the judged set more.
CARRIERS = {
    "name_of_an_output": "return {'secret4711': np.zeros((n, 2), dtype=np.float32)}",
    "name_of_a_field": "return np.zeros(n, dtype=[('secret4711', 'f4')])",
    "type": "return np.zeros(n, dtype='U47')",
    "shape": "return np.zeros((2, 4711), dtype=np.float32)",
    "value": "return np.full((n, 2), 4711, dtype=np.float32)",
    "sum": "return np.full((n, 2), 0.4711, dtype=np.float32)",
    "count": "return np.where(np.arange(2 * n).reshape(n, 2) < 47, np.nan, 0.5).astype(np.float32)",
}


@pytest.mark.parametrize("carrier", CARRIERS)
def test_the_refusal_repeats_nothing(carrier: str, bubblewrap: Sandbox, tmp_path: Path) -> None:
    report = judge(bubblewrap, tmp_path, predicting(f"if n > 30: {CARRIERS[carrier]}"))
    assert report.stage is Stage.JUDGED
    assert report.message is not None
    assert report.message.verdict is report.verdict is Verdict.INVALID_PREDICTIONS
    for text in (report.message.text, report.message.help):
        assert "secret" not in text
        assert "47" not in text


@pytest.mark.parametrize("carrier", CARRIERS)
def test_in_the_practice_stage_it_is_shown(
    carrier: str, bubblewrap: Sandbox, tmp_path: Path
) -> None:
    report = judge(bubblewrap, tmp_path, predicting(CARRIERS[carrier]))
    assert report.stage is Stage.PRACTICE
    assert report.message is not None
    assert report.message.verdict is Verdict.INVALID_PREDICTIONS
    assert "47" in report.message.text or "94" in report.message.text
