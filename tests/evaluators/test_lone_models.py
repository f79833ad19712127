"""A lone model file of each format is scored; one that can't be loaded says why."""

import os
import subprocess
from pathlib import Path

import pytest

from evaluators.evaluate import evaluate
from evaluators.report import EvaluationReport, Split
from evaluators.sandbox import Sandbox
from evaluators.sandbox.runtime import runtime_folder
from evaluators.verdicts import Verdict
from tests.evaluators.judging import SEED
from tests.evaluators.tiny_task import prepared_task

pytestmark = pytest.mark.runtime
MAKER = Path(__file__).with_name("lone_models.py")


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("models")
    python = runtime_folder() / "bin" / "python"
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    subprocess.run([python, MAKER, out], check=True, capture_output=True, env=environment)
    return out


def judged(sandbox: Sandbox, upload: Path, tmp_path: Path) -> EvaluationReport:
    return evaluate(
        # What frameworks need only to start is more than the tiny task grants.
        prepared=prepared_task(tmp_path, memory_mb="3072", wall_seconds="60"),
        upload=upload,
        filename=upload.name,
        sandbox=sandbox,
        seed=SEED,
    )


@pytest.mark.parametrize(
    "name",
    [
        "model.joblib",
        "named.joblib",
        "model.skops",
        "sklearn.onnx",
        "script.pt",
        "program.pt2",
        "model.keras",
    ],
)
def test_it_is_scored(bubblewrap: Sandbox, models: Path, tmp_path: Path, name: str) -> None:
    report = judged(bubblewrap, models / name, tmp_path)
    assert report.verdict is Verdict.SCORED, report
    score = report.score("accuracy", Split.PRIVATE)
    assert score is not None
    assert score.value > 0.9


def test_weights_without_a_program_are_told_what_to_save(
    bubblewrap: Sandbox, models: Path, tmp_path: Path
) -> None:
    report = judged(bubblewrap, models / "weights.pt", tmp_path)
    assert report.verdict is Verdict.LOAD_ERROR
    assert report.message is not None
    assert "torch.jit.trace" in report.message.text
    assert "Here torch 2." in report.message.text


@pytest.mark.parametrize("name", ["x.joblib", "x.skops", "x.onnx", "x.pt", "x.pt2", "x.keras"])
def test_a_file_that_is_none_of_its_kind_is_a_load_error(
    bubblewrap: Sandbox, tmp_path: Path, name: str
) -> None:
    upload = tmp_path / name
    upload.write_bytes(b"this is no model at all")
    report = judged(bubblewrap, upload, tmp_path / "task")
    assert (report.verdict, report.message and report.message.code) == (
        Verdict.LOAD_ERROR,
        "model_file_load_failed",
    )


def test_a_pickle_that_runs_code_runs_it_in_the_sandbox_only(
    bubblewrap: Sandbox, tmp_path: Path
) -> None:
    # A pickle that calls os.system; what it prints shows whose user id it ran under.
    upload = tmp_path / "evil.joblib"
    upload.write_bytes(b"cposix\nsystem\n(S'id -u; touch /tmp/escaped-from-pickle'\ntR.")
    report = judged(bubblewrap, upload, tmp_path / "task")
    assert report.verdict in (Verdict.LOAD_ERROR, Verdict.RUNTIME_ERROR)
    assert not Path("/tmp/escaped-from-pickle").exists()
