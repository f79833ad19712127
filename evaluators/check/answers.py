"""Answers that know nothing, and the answer that knows all."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evaluators.check.bench import Bench
from evaluators.items import Items
from evaluators.prepared import PreparedTask
from evaluators.report import Split
from evaluators.runner.seed import Seed
from evaluators.scorer import scorer_stats
from evaluators.scoring import split_scores
from evaluators.spec import OutputSpec, TaskSpec
from evaluators.splits import units_split

BATCH = """
import os, socket, subprocess, sys, time
import numpy as np

class Model:
    def __init__(self, folder):
        self.folder = folder
    def predict(self, inputs):
        n = len(next(iter(inputs.values())))
{body}
"""
LOCKSTEP = """
import os, socket, subprocess, sys, time
import numpy as np

class Model:
    def __init__(self, folder):
        self.folder = folder
        self.random = np.random.default_rng(0)
        self.asked = 0
    def start(self, batch_size):
        return batch_size
    def step(self, state, symbols):
        n, inputs = state, {{"text": symbols}}
        self.asked += 1
{body}
"""


def model_write(folder: Path, spec: TaskSpec, *lines: str, answer: str | None = None) -> Path:
    """Writes a model that runs these lines when it is asked, then gives an answer.

    Args:
        folder: a new folder, named as the model is to be called.
        spec: of the task.
        lines: Python; `n` is the number of items, `inputs` what came.
        answer: an expression; the empty answer where it is not given.
    """
    answer = answer or null_answer(spec)
    ending = f"return {answer}" if spec.output else f"return {answer}, state"
    body = "\n".join(f"        {line}" for line in (*lines, ending))
    folder.mkdir(parents=True)
    (folder / "model.py").write_text((BATCH if spec.output else LOCKSTEP).format(body=body))
    return folder


def null_answer(spec: TaskSpec) -> str:
    """An expression that says the same of every item: equal probabilities, zeros, nothing."""
    if not spec.output:
        return "np.zeros((n, 257), np.float32)"
    output = spec.output[spec.output_name]
    if output.kind == "probabilities":
        classes = len(output.classes or ())
        return f"np.full((n, {classes}), 1 / {classes}, np.float32)"
    return f"np.zeros({_shape(output)}, np.{output.dtype})"


def random_answer(spec: TaskSpec, practice: Items) -> str:
    """An expression that draws an answer without looking at the inputs."""
    if not spec.output:
        return "self.random.normal(0, 2, (n, 257)).astype(np.float32)"
    output = spec.output[spec.output_name]
    draw = "np.random.default_rng(0)"
    if output.kind == "probabilities":
        return f"{draw}.dirichlet(np.ones({len(output.classes or ())}), n).astype(np.float32)"
    if output.kind == "mask":
        return f"{draw}.integers(0, 2, {_shape(output)}, dtype=np.uint8)"
    target = practice.target.astype(np.float64)
    low, high = float(np.min(target)), float(np.max(target))
    return f"{draw}.uniform({low}, {high}, {_shape(output)}).astype(np.{output.dtype})"


def nan_answer(spec: TaskSpec) -> str:
    """An expression that is no valid answer: NaN, or where there is none, a value out of range."""
    if not spec.output:
        return "np.full((n, 257), np.nan, np.float32)"
    output = spec.output[spec.output_name]
    if output.dtype == "float32":
        return f"np.full({_shape(output)}, np.nan, np.float32)"
    return f"np.full({_shape(output)}, 7, np.{output.dtype if output.kind == 'mask' else 'uint16'})"


def perfect_score(bench: Bench, prepared: PreparedTask) -> float | None:
    """The primary score, on the public split, of answers that are the labels themselves.

    Returns:
        None where the labels are no answer: in lockstep, or where only the task's own scorer
        knows how to compare them.

    Raises:
        TaskError: the task's own scorer fails.
    """
    spec, items = prepared.task.spec, prepared.judged()
    predictions = _labels_as_answer(spec, items)
    if predictions is None:
        return None
    own = scorer_stats(
        task=prepared.task, items=items, predictions=predictions, sandbox=bench.sandbox
    )
    public = _public(items, spec, bench.seed)
    scored = split_scores(spec=spec, items=items, predictions=predictions, public=public, own=own)
    return next(
        score.value
        for score in scored.scores
        if (score.metric, score.split) == (spec.metrics.primary, Split.PUBLIC)
    )


def _public(items: Items, spec: TaskSpec, seed: Seed) -> NDArray[np.bool_]:
    return units_split(items.unit, public_fraction=spec.split.public_fraction, seed=seed)


def _labels_as_answer(spec: TaskSpec, items: Items) -> NDArray[np.generic] | None:
    if not spec.output:
        return None
    output = spec.output[spec.output_name]
    target = items.target
    if output.kind == "probabilities":
        classes = len(output.classes or ())
        known = target.ndim == 1 and target.dtype.kind in "iu"
        if not known or not (0 <= int(np.min(target)) <= int(np.max(target)) < classes):
            return None
        return np.eye(classes, dtype=np.float32)[target.astype(np.int64)]
    if target.shape[1:] != output.item_shape or target.dtype.kind not in "iufb":
        return None
    return target.astype(output.dtype)


def _shape(output: OutputSpec) -> str:
    return f"({', '.join(['n', *map(str, output.item_shape)])},)"
