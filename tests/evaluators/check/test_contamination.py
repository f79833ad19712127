"""What looking up the judged items would gain is measured, with a model that remembers."""

from pathlib import Path

import pytest

from evaluators.check.check import task_check
from evaluators.check.findings import Finding
from evaluators.sandbox import Sandbox
from evaluators.sandbox.runtime import runtime_find, runtime_folder
from evaluators.task import task_load
from tests.evaluators.check.planted import PREPARE, SEED, TOML, Planted

pytestmark = [pytest.mark.sandbox, pytest.mark.runtime]

# One label in five is wrong: only who has seen an item knows which.
NOISY = PREPARE.replace(
    "(features[:, 0] > 0).astype(np.int64)",
    "((features[:, 0] > 0) ^ (rng.random(n) < 0.2)).astype(np.int64)",
)
MEANS = {"trivial": 0.693, "careful": 0.53, "bold": 0.5}
REMEMBERING = """
import argparse
import zipfile
from pathlib import Path

parser = argparse.ArgumentParser()
parser.add_argument("--data", type=Path)
parser.add_argument("--out", type=Path)
arguments = parser.parse_args()
MODEL = '''
import numpy as np


class Model:
    def __init__(self, folder):
        train = np.load(folder / "train.npz")
        self.known = {
            row.tobytes(): label for row, label in zip(train["features"], train["labels"])
        }

    def predict(self, inputs):
        rows = inputs["features"]
        positive = np.where(rows[:, 0] > 0, 0.8, 0.2)
        for place, row in enumerate(rows):
            if row.tobytes() in self.known:
                positive[place] = 0.01 + 0.98 * self.known[row.tobytes()]
        return np.stack([1 - positive, positive], axis=1).astype(np.float32)
'''
arguments.out.mkdir()
with zipfile.ZipFile(arguments.out / "bold.zip", "w") as archive:
    archive.writestr("model.py", MODEL)
    archive.write(arguments.data / "train.npz", "train.npz")
"""


def contamination(
    root: Path, sandbox: Sandbox, *, too_good: str = "", prepare: str = NOISY
) -> list[Finding]:
    toml = TOML.replace('["accuracy"]\n', f'["accuracy"]\n{too_good}\n')
    folder = Planted(toml, prepare=prepare, means=MEANS).write(root)
    kit = root / "starter_kits" / "signs"
    (kit / "train_bold.py").write_text(REMEMBERING)
    findings = task_check(
        task=task_load(folder),
        kit=kit,
        seed=SEED,
        sandbox=sandbox,
        runtime=runtime_find(runtime_folder()),
        cache=root / "baselines",
        raw=None,
        quick=True,
        say=lambda line: None,
    )
    return [finding for finding in findings.all if finding.part == "contamination"]


def test_the_gain_is_told_and_a_threshold_beyond_it_flags_it(
    bubblewrap: Sandbox, tmp_path: Path
) -> None:
    [found] = contamination(tmp_path, bubblewrap, too_good="too_good = 0.1")
    assert found.level.value == "ok"
    assert "bold scores 0.0101 instead of" in found.text
    assert "which is flagged (too_good = 0.1)" in found.text


def test_a_threshold_that_looking_up_does_not_reach_is_told(
    bubblewrap: Sandbox, tmp_path: Path
) -> None:
    [found] = contamination(tmp_path, bubblewrap, too_good="too_good = 0.001")
    assert found.level.value == "note"
    assert "bold scores 0.0101 instead of" in found.text


def test_no_threshold_and_no_way_to_contaminate_are_told(
    bubblewrap: Sandbox, tmp_path: Path
) -> None:
    [found] = contamination(tmp_path / "one", bubblewrap)
    assert "nobody is flagged without a too_good" in found.text
    without = NOISY.replace("def contaminate(", "def something_else(")
    [found] = contamination(tmp_path / "other", bubblewrap, prepare=without)
    assert found.level.value == "note"
    assert "no contaminate(raw, public, seed)" in found.text


def test_contaminating_that_fails_is_a_fault_of_the_task(
    bubblewrap: Sandbox, tmp_path: Path
) -> None:
    broken = NOISY.replace(
        "def contaminate(raw, public, seed):\n", "def contaminate(raw, public, seed):\n    1 / 0\n"
    )
    [found] = contamination(tmp_path, bubblewrap, prepare=broken)
    assert found.level.value == "FAULT"
    assert "ZeroDivisionError" in found.text
