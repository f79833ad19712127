"""A sound little task with its kit, in which tests plant faults."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from evaluators.check.check import task_check
from evaluators.check.findings import Findings
from evaluators.runner.seed import Seed
from evaluators.sandbox import Sandbox
from evaluators.sandbox.runtime import runtime_find, runtime_folder
from evaluators.task import task_load
from tests.evaluators.tiny_task import TASK_TOML

SEED = Seed(bytes(range(32)))
TOML = TASK_TOML.replace("memory_mb = 512", "memory_mb = 256")
PREPARE = """
import numpy as np


def items(rng, n):
    features = rng.normal(size=(n, 4)).astype(np.float32)
    return features, (features[:, 0] > 0).astype(np.int64)


def write(public, features, target, seed):
    np.savez(public / "train.npz", features=features, labels=target)
    features, target = items(seed.stream("practice"), 30)
    np.savez(public / "practice.npz", input_features=features, target=target)


def contaminate(raw, public, seed):
    write(public, *items(seed.stream("judged"), 200), seed)


def prepare(raw, public, private, seed):
    features, target = items(seed.stream("judged"), 200)
    np.savez(private / "judged.npz", input_features=features, target=target)
    write(public, *items(seed.stream("train"), 300), seed)
"""
# It says that the sign is positive with a probability that is its only parameter.
MODEL = """
import numpy as np


class Model:
    def __init__(self, folder):
        self.sure = float(np.load(folder / "sure.npy"))

    def predict(self, inputs):
        positive = np.where(inputs["features"][:, 0] > 0, self.sure, 1 - self.sure)
        return np.stack([1 - positive, positive], axis=1).astype(np.float32)
"""
TRAIN = """
import argparse
import io
import zipfile
from pathlib import Path

import numpy as np

parser = argparse.ArgumentParser()
parser.add_argument("--data", type=Path)
parser.add_argument("--out", type=Path)
arguments = parser.parse_args()
assert len(np.load(arguments.data / "train.npz")["labels"])
arguments.out.mkdir()
sure = io.BytesIO()
np.save(sure, {sure})
with zipfile.ZipFile(arguments.out / "{name}.zip", "w") as archive:
    archive.writestr("model.py", Path(__file__).with_name("model.py").read_text())
    archive.writestr("sure.npy", sure.getvalue())
print("practice: as good as it gets")
"""
SURE = {"trivial": 0.5, "careful": 0.7, "bold": 0.95}
LOG_LOSS = {"trivial": 0.693, "careful": 0.357, "bold": 0.051}
ROLES = {"trivial": "trivial", "careful": "baseline", "bold": "reference"}


@dataclass(frozen=True, slots=True)
class Planted:
    """The task's files.

    Attributes:
        toml: text of task.toml.
        prepare: text of prepare.py.
        scorer: text of scorer.py; none if empty.
        primary: the metric of expected.json.
        means: its scores by solution.
        roles: its roles by solution.
    """

    toml: str = TOML
    prepare: str = PREPARE
    scorer: str = ""
    primary: str = "log_loss"
    means: Mapping[str, float] = field(default_factory=lambda: LOG_LOSS)
    roles: Mapping[str, str] = field(default_factory=lambda: ROLES)

    def write(self, root: Path) -> Path:
        """Writes task and kit; returns the task's folder."""
        task, kit = root / "tasks" / "signs", root / "starter_kits" / "signs"
        task.mkdir(parents=True)
        kit.mkdir(parents=True)
        (task / "task.toml").write_text(self.toml)
        (task / "prepare.py").write_text(self.prepare)
        if self.scorer:
            (task / "scorer.py").write_text(self.scorer)
        solutions = {
            name: {"role": self.roles[name], "mean": mean, "tolerance": 0.01, "sd": 0, "seeds": 5}
            for name, mean in self.means.items()
        }
        expected = {"primary": self.primary, "solutions": solutions}
        (task / "expected.json").write_text(json.dumps(expected))
        (kit / "model.py").write_text(MODEL)
        for name, sure in SURE.items():
            (kit / f"train_{name}.py").write_text(TRAIN.format(name=name, sure=sure))
        return task


def check(planted: Planted, root: Path, sandbox: Sandbox) -> Findings:
    """Checks it quickly: without cheating submissions."""
    folder = planted.write(root)
    return task_check(
        task=task_load(folder),
        kit=root / "starter_kits" / "signs",
        seed=SEED,
        sandbox=sandbox,
        runtime=runtime_find(runtime_folder()),
        cache=root / "baselines",
        raw=None,
        quick=True,
        say=lambda line: None,
    )
