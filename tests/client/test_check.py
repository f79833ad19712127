"""The local check: what it says of good and bad submissions, and how it ends."""

import json
import zipfile
from pathlib import Path

import pytest

from springboard.cli import main

UNIFORM = """
import numpy as np
class Model:
    def __init__(self, folder):
        print("loading from", folder.name)
    def predict(self, inputs):
        return np.full((len(inputs["images"]), 10), 0.1, np.float32)
"""


class Checker:
    """Checks sources of a `model.py` as a student would."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.capsys = capsys
        self.status = -1
        self.err = ""

    def check(self, source: str, *options: str, name: str = "mine.zip") -> str:
        path = self.folder / name
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("model.py", source)
        return self.run(str(path), *options)

    def run(self, *options: str) -> str:
        kit = self.folder / "kit"
        self.status = main(
            ["check", *options, "--task", str(kit / "task"), "--data", str(kit / "data")]
        )
        out, self.err = self.capsys.readouterr()
        return out


@pytest.fixture
def checker(task: Path, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Checker:
    return Checker(tmp_path, capsys)


def test_a_good_submission_is_scored(checker: Checker) -> None:
    text = checker.check(UNIFORM)
    assert checker.status == 0
    assert "mine.zip: scored" in text
    assert "Log loss   2.3026  (2.3026 to 2.3026; lower is better)" in text
    assert "Accuracy   0.1000" in text
    assert "On the 40 practice items" in text
    assert "| loading from submission" in text


def test_json_holds_the_same(checker: Checker) -> None:
    found = json.loads(checker.check(UNIFORM, "--json"))
    assert checker.status == 0
    assert found["verdict"] == "scored"
    assert found["message"] is None
    assert [score["metric"] for score in found["scores"]] == ["log_loss", "accuracy", "macro_f1"]
    assert found["scores"][0]["value"] == pytest.approx(2.302585)
    assert found["practice_log"].strip() == "loading from submission"


def test_a_folder_is_checked_too(checker: Checker, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "model.py").write_text(UNIFORM)
    assert "scored" in checker.run(str(tmp_path / "mine"))


@pytest.mark.parametrize(
    ("change", "verdict", "words"),
    [
        (("0.1,", "np.nan,"), "invalid_predictions", "NaN or infinite"),
        (("0.1,", "3.0,"), "invalid_predictions", "add a softmax"),
        (("np.float32)", "np.float64)"), "invalid_predictions", "np.float32"),
        (("10), ", "9), "), "invalid_predictions", "shape"),
        (("print(", "raise OSError("), "load_error", "OSError"),
        (("import numpy", "import nonesuch"), "load_error", "No module named 'nonesuch'"),
        (("class Model", "class Modell"), "load_error", "class Model"),
        (("return np", "raise KeyError('digit')\n        return np"), "runtime_error", "'digit'"),
        (("return np", "import os; os._exit(3)\n        return np"), "runtime_error", "status 3"),
        (("return np", "import time; time.sleep(60)\n        return np"), "timeout", "3 s"),
    ],
)
def test_a_bad_submission_gets_the_server_s_verdict(
    change: tuple[str, str], verdict: str, words: str, checker: Checker
) -> None:
    text = checker.check(UNIFORM.replace(*change))
    assert checker.status == 1
    assert f"mine.zip: {verdict}" in text
    assert words in text
    assert "What to do: " in text
    assert "Log loss" not in text


def test_a_traceback_is_shown_with_its_line(checker: Checker) -> None:
    text = checker.check(UNIFORM.replace("return np", "raise KeyError('digit')\n        return np"))
    assert "model.py, line 7" in text
    assert "| KeyError: 'digit'" in text


def test_a_refused_upload_gets_its_message(checker: Checker, tmp_path: Path) -> None:
    (tmp_path / "notes.zip").write_bytes(b"not a zip at all")
    found = json.loads(checker.run(str(tmp_path / "notes.zip"), "--json"))
    assert checker.status == 1
    assert found["verdict"] == "invalid_artifact"
    assert found["message"]["code"] == "broken_archive"
    assert found["scores"] == []


def test_a_missing_file_is_a_mistake_of_usage(checker: Checker, tmp_path: Path) -> None:
    checker.run(str(tmp_path / "nothing.zip"))
    assert checker.status == 2
    assert "there is no" in checker.err


def test_missing_data_is_explained(checker: Checker, data: Path) -> None:
    (data / "practice.npz").unlink()
    checker.check(UNIFORM)
    assert checker.status == 2
    assert "download the competition's data and unpack it there" in checker.err


def test_a_broken_task_is_named(checker: Checker, task: Path) -> None:
    (task / "task.toml").write_text("title = 3")
    checker.check(UNIFORM)
    assert checker.status == 2
    assert "task.toml is not a valid task" in checker.err


def test_an_unknown_command_is_a_mistake_of_usage() -> None:
    with pytest.raises(SystemExit) as caught:
        main(["chekc", "mine.zip"])
    assert caught.value.code == 2


def test_task_and_data_are_found_in_the_working_folder(
    task: Path, data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(task.parent)
    Path("model.py").write_text(UNIFORM)
    assert main(["check", "model.py"]) == 0
    assert "model.py: scored" in capsys.readouterr().out
