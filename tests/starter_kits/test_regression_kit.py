"""The bike rentals' kit on a small, made-up year: each script learns, and the check agrees."""

import subprocess
from pathlib import Path

import numpy as np
import pytest

from evaluators.task import task_load
from springboard.check import check
from springboard.local import LocalRun
from tests.digits import ROOT, runtime_python

pytestmark = pytest.mark.runtime
KIT = ROOT / "starter_kits" / "regression"
TASK = ROOT / "tasks" / "regression"
HOURS = 24 * 60
# Enough for a network to see that more is rented by day than by night.
EPOCHS = {"keras": "20", "torch": "20", "sklearn": "5"}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Hours whose rentals follow the hour of the day, in the task's columns."""
    folder = tmp_path_factory.mktemp("data")
    rng = np.random.default_rng(0)
    columns = task_load(TASK).spec.input["features"].columns
    assert columns is not None
    features = rng.uniform(0, 1, size=(HOURS, len(columns))).astype(np.float32)
    angle = 2 * np.pi * (np.arange(HOURS) % 24) / 24
    features[:, columns.index("hour_sin")] = np.sin(angle)
    features[:, columns.index("hour_cos")] = np.cos(angle)
    rentals = (150 - 120 * np.cos(angle) + rng.normal(0, 5, HOURS)).clip(0).astype(np.float32)
    block = (np.arange(HOURS) // 96).astype(np.int64)
    np.savez(folder / "train.npz", features=features, rentals=rentals, block=block)
    part = slice(0, 24 * 10)
    np.savez(
        folder / "practice.npz",
        input_features=features[part],
        target=rentals[part],
        unit=block[part],
        stratum=np.arange(HOURS)[part] % 24,
    )
    return folder


def train(name: str, data: Path, out: Path, *arguments: str) -> None:
    script = KIT / f"train_{name}.py"
    command: list[str | Path] = [runtime_python(), script, "--data", data, "--out", out]
    command += arguments
    done = subprocess.run(command, capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stderr
    assert "practice: RMSE" in done.stdout


@pytest.mark.parametrize("name", ["keras", "torch", "sklearn", "trivial"])
def test_it_learns_and_the_check_scores_it(
    name: str, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    epochs = ["--epochs", EPOCHS[name]] if name in EPOCHS else []
    train(name, data, tmp_path / "out", *epochs)
    # The check runs models with the interpreter that runs it; here it stands in the runtime's.
    monkeypatch.setattr("sys.executable", str(runtime_python()))
    result = check(
        path=tmp_path / "out" / f"{name}.zip",
        task_folder=TASK,
        data_folder=data,
        sandbox=LocalRun(),
    )
    assert result.verdict == "scored", result.message
    assert result.scores[0].metric == "rmse"
    spread = 85.0  # what the mean of all hours is off, here
    if name == "trivial":
        assert result.scores[0].value == pytest.approx(spread, rel=0.1)
    else:
        assert result.scores[0].value < 0.7 * spread
