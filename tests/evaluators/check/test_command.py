"""`python -m evaluators check`, as instructors call it."""

import json
from pathlib import Path

import pytest

from evaluators.__main__ import main
from tests.evaluators.check.planted import PREPARE, Planted

pytestmark = [pytest.mark.sandbox, pytest.mark.runtime]


@pytest.fixture(autouse=True)
def _var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPRINGBOARD_VAR", str(tmp_path / "var"))


def test_a_sound_task_is_exit_status_0_and_a_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    task, page = Planted().write(tmp_path), tmp_path / "report.md"
    assert main(["check", str(task), "--quick", "--report", str(page)]) == 0
    told = capsys.readouterr()
    assert told.out.startswith("# Check of signs: passed\n")
    assert "## baselines" in told.out
    assert page.read_text().startswith("# Check of signs: passed\n")
    assert "near-duplicates …" in told.err
    assert max(map(len, told.out.splitlines())) <= 100


def test_a_fault_is_exit_status_1_and_one_json_object(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    task = Planted(prepare=PREPARE + "    raise KeyError('column')\n").write(tmp_path)
    assert main(["check", str(task), "--json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert report["passed"] is False
    [finding] = report["findings"]
    assert (finding["part"], finding["level"]) == ("preparation", "fault")
    assert "KeyError: 'column'" in finding["text"]


def test_a_task_that_is_not_there_is_exit_status_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "clasification"]) == 2
    assert "did you mean 'classification'?" in capsys.readouterr().err
