"""A language task of short documents, judged in lockstep."""

import json
from pathlib import Path

import numpy as np

from evaluators.evaluate import evaluate
from evaluators.prepare import prepared_folder
from evaluators.prepared import PreparedTask, data_digest
from evaluators.report import EvaluationReport
from evaluators.runner.seed import Seed
from evaluators.sandbox import Sandbox
from evaluators.task import task_load
from tests.evaluators.tiny_task import model_folder

SEED = Seed(bytes(range(32)))
PRACTICE = ("to be", "or", "not to be")
# Long and short ones, beyond ASCII, and an empty one.
JUDGED = ("die Würde", "a", "", "žluťoučký kůň úpěl", "to be or not to be", "x" * 40, "日本語")

TASK_TOML = """
title = "Lines"
summary = "What comes next?"
evaluator = "lockstep"

[input.text]
dtype = "text"
shape = ["n"]

[metrics]
primary = "bits_per_character"

[split]
public_fraction = 0.4

[sampling]
samples = 20

[limits]
wall_seconds = 20
memory_mb = 512
artifact_mb = 5
"""

UNIFORM_MODEL = """
import numpy as np

class Model:
    def __init__(self, folder): ...
    def start(self, batch_size):
        return batch_size
    def step(self, state, symbols):
        return np.zeros((state, 257), np.float32), state
"""


def prepared_lines(
    parent: Path, *, judged: tuple[str, ...] = JUDGED, **replacements: str
) -> PreparedTask:
    folder = parent / "lines"
    folder.mkdir(parents=True)
    lines = TASK_TOML.splitlines()
    for key, value in replacements.items():
        lines = [f"{key} = {value}" if line.startswith(f"{key} = ") else line for line in lines]
    (folder / "task.toml").write_text("\n".join(lines))
    task = task_load(folder)
    data = prepared_folder(task, parent / "data")
    for name, texts in (("public/practice.npz", PRACTICE), ("private/judged.npz", judged)):
        path = data / name
        path.parent.mkdir(parents=True)
        np.savez(path, input_text=np.array(texts))
    version = data_digest(data)
    (data / "ready.json").write_text(json.dumps({"data_version": version}))
    return PreparedTask(task, data, version)


def judge_lines(
    sandbox: Sandbox,
    tmp_path: Path,
    source: str,
    *,
    judged: tuple[str, ...] = JUDGED,
    **replacements: str,
) -> EvaluationReport:
    return evaluate(
        prepared=prepared_lines(tmp_path / "task", judged=judged, **replacements),
        upload=model_folder(tmp_path, source),
        filename="submission",
        sandbox=sandbox,
        seed=SEED,
    )


def stepping(*lines: str, start: str = "return batch_size") -> str:
    """The source of a model whose step runs these lines, then answers uniformly."""
    body = "\n".join(f"        {line}" for line in lines)
    return f"""
import os, struct, sys, time
import numpy as np

class Model:
    def __init__(self, folder): ...
    def start(self, batch_size):
        {start}
    def step(self, state, symbols):
        n = len(symbols)
        flat = np.zeros((n, 257), np.float32)
{body}
        return flat, state
"""
