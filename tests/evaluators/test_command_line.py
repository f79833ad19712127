"""`python -m evaluators`, as its users call it."""

import json
from pathlib import Path

import pytest

from evaluators.__main__ import main
from evaluators.artifact import artifact_unpack
from tests.evaluators.tiny_task import GOOD_MODEL, model_folder, prepared_task

pytestmark = pytest.mark.sandbox


@pytest.fixture
def task(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    prepared = prepared_task(tmp_path / "var")
    monkeypatch.setenv("SPRINGBOARD_VAR", str(tmp_path / "var"))
    return str(prepared.task.folder)


def test_it_prints_a_report(task: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", task, str(model_folder(tmp_path, GOOD_MODEL))]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("signs: scored\n")
    assert "Log loss          practice" in printed
    assert "  loading\n" in printed


def test_it_prints_one_json_object(
    task: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = model_folder(tmp_path, GOOD_MODEL)
    assert main(["run", task, str(folder), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["verdict"] == "scored"
    assert report["practice_log"] == "loading\n"
    assert {score["split"] for score in report["scores"]} == {"practice", "public", "private"}
    artifact = artifact_unpack(folder, tmp_path / "out", filename="submission", limit_mb=1)
    assert report["artifact"]["sha256"] == artifact.digest


def test_a_verdict_other_than_scored_is_exit_status_1(
    task: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", task, str(model_folder(tmp_path, "x = 1"))]) == 1
    assert "no class named Model" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "TASK", "/nothing/here"], "there is no file or folder /nothing/here"),
        (["run", "clasification", "."], "did you mean 'classification'?"),
    ],
)
def test_a_mistake_of_the_caller_is_exit_status_2(
    task: str, arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([argument.replace("TASK", task) for argument in arguments]) == 2
    assert words in capsys.readouterr().err


def test_it_lists_the_tasks(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list"]) == 0
    assert "classification" in capsys.readouterr().out
