"""A task small enough to be prepared and judged within seconds: which half a point lies in."""

from pathlib import Path

TASK_TOML = """\
title = "Halves"
summary = "Say in which half a point lies."
evaluator = "batch"
framework_hint = ["sklearn"]

[input.points]
dtype = "float32"
shape = ["n", 2]

[output.half]
dtype = "float32"
shape = ["n", 2]
kind = "probabilities"
classes = ["left", "right"]

[metrics]
primary = "log_loss"
secondary = ["accuracy"]

[split]
public_fraction = 0.4

[limits]
wall_seconds = 20
memory_mb = 512
cpus = 1
artifact_mb = {artifact_mb}
"""

PREPARE = """\
import numpy as np


def prepare(raw, public, private, seed):
    for folder, name, count in ((public, "practice", 20), (private, "judged", 100)):
        points = seed.stream(name).uniform(-1, 1, (count, 2)).astype("float32")
        target = (points[:, 0] > 0).astype("int64")
        np.savez(folder / f"{name}.npz", input_points=points, target=target)
    print("two files written")
"""

MODEL = """\
import numpy as np


class Model:
    def __init__(self, folder):
        print("loading")

    def predict(self, inputs):
        right = np.where(inputs["points"][:, 0] > 0, 0.9, 0.1)
        return np.stack([1 - right, right], axis=1).astype("float32")
"""

SLOW_MODEL = MODEL.replace(
    'print("loading")', 'print("loading", flush=True); import time; time.sleep(6)'
)


def tiny_task_write(root: Path, *, slug: str = "halves", artifact_mb: int = 1) -> Path:
    """Writes the task's folder under a root, and returns it."""
    folder = root / slug
    folder.mkdir(parents=True)
    (folder / "task.toml").write_text(TASK_TOML.format(artifact_mb=artifact_mb))
    (folder / "prepare.py").write_text(PREPARE)
    (folder / "description.md").write_text("# Halves\n\nLeft or right?\n")
    return folder
