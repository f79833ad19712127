"""A task small enough for tests that judge hundreds of times: is the first feature positive?"""

import json
from pathlib import Path

import numpy as np

from evaluators.prepare import prepared_folder
from evaluators.prepared import PreparedTask, data_digest
from evaluators.task import task_load

TASK_TOML = """
title = "Signs"
summary = "Is the first feature positive?"
evaluator = "batch"

[input.features]
dtype = "float32"
shape = ["n", 4]

[output.sign]
dtype = "float32"
shape = ["n", 2]
kind = "probabilities"
classes = ["negative", "positive"]

[metrics]
primary = "log_loss"
secondary = ["accuracy"]

[split]
public_fraction = 0.3
group = "pair"

[limits]
wall_seconds = 20
memory_mb = 512
artifact_mb = 5
log_kb = 4
output_mb = 2
"""

PREPARE = """
import numpy as np


def items(rng, n):
    features = rng.normal(size=(n, 4)).astype(np.float32)
    return {"input_features": features, "target": (features[:, 0] > 0).astype(np.int64)}


def prepare(raw, public, private, seed):
    print("raw holds", sorted(path.name for path in raw.iterdir()))
    np.savez(public / "practice.npz", **items(seed.stream("practice"), 30))
    judged = items(seed.stream("judged"), 60)
    np.savez(private / "judged.npz", **judged, unit=np.arange(60) // 2)
"""

GOOD_MODEL = """
import numpy as np


class Model:
    def __init__(self, folder):
        print("loading")

    def predict(self, inputs):
        positive = 0.1 + 0.8 * (inputs["features"][:, 0] > 0)
        return np.stack([1 - positive, positive], axis=1).astype(np.float32)
"""


def task_folder(parent: Path, **replacements: str) -> Path:
    """Writes the task; replacements change lines of its task.toml, such as wall_seconds="2"."""
    folder = parent / "signs"
    folder.mkdir(parents=True)
    lines = TASK_TOML.splitlines()
    for key, value in replacements.items():
        lines = [f"{key} = {value}" if line.startswith(f"{key} = ") else line for line in lines]
    (folder / "task.toml").write_text("\n".join(lines))
    (folder / "prepare.py").write_text(PREPARE)
    return folder


def prepared_task(parent: Path, **replacements: str) -> PreparedTask:
    """The task with data as its prepare.py would write it, without running it."""
    task = task_load(task_folder(parent, **replacements))
    folder = prepared_folder(task, parent / "data")
    rng = np.random.default_rng(0)
    for name, n in (("public/practice.npz", 30), ("private/judged.npz", 60)):
        path = folder / name
        path.parent.mkdir(parents=True)
        features = rng.normal(size=(n, 4)).astype(np.float32)
        target = (features[:, 0] > 0).astype(np.int64)
        np.savez(path, input_features=features, target=target, unit=np.arange(n) // 2)
    version = data_digest(folder)
    (folder / "ready.json").write_text(json.dumps({"data_version": version}))
    return PreparedTask(task, folder, version)


def model_folder(parent: Path, source: str) -> Path:
    """A submission of one model.py."""
    folder = parent / "submission"
    folder.mkdir(parents=True)
    (folder / "model.py").write_text(source)
    return folder
