"""Judges a model's source against the tiny task."""

import threading
from pathlib import Path

from evaluators.evaluate import evaluate
from evaluators.report import EvaluationReport, Progress
from evaluators.runner.seed import Seed
from evaluators.sandbox import Sandbox
from tests.evaluators.tiny_task import model_folder, prepared_task

SEED = Seed(bytes(range(32)))


def judge(
    sandbox: Sandbox,
    tmp_path: Path,
    source: str,
    *,
    cancelled: threading.Event | None = None,
    progress: list[Progress] | None = None,
    **replacements: str,
) -> EvaluationReport:
    return evaluate(
        prepared=prepared_task(tmp_path / "task", **replacements),
        upload=model_folder(tmp_path, source),
        filename="submission",
        sandbox=sandbox,
        seed=SEED,
        on_progress=(progress if progress is not None else []).append,
        cancelled=cancelled,
    )


def predicting(*lines: str) -> str:
    """The source of a model whose predict runs these lines, then answers well."""
    body = "\n".join(f"        {line}" for line in lines)
    return f"""
import os, socket, subprocess, sys, time
import numpy as np

class Model:
    def __init__(self, folder):
        self.folder = folder
    def predict(self, inputs):
        n = len(inputs["features"])
{body}
        return np.full((n, 2), 0.5, dtype=np.float32)
"""
