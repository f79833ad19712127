"""A task's own scorer: what it computes, and that its faults are the task's."""

import threading
from pathlib import Path

import numpy as np
import pytest

from evaluators.errors import TaskError
from evaluators.evaluate import evaluate
from evaluators.practice import practice
from evaluators.prepare import prepared_folder
from evaluators.prepared import PreparedTask, data_digest
from evaluators.report import EvaluationReport, Progress, Split, Stage
from evaluators.sandbox import Sandbox
from evaluators.spec import spec_parse
from evaluators.task import task_load
from evaluators.verdicts import Verdict
from tests.evaluators.judging import SEED
from tests.evaluators.tiny_task import GOOD_MODEL, TASK_TOML, model_folder

pytestmark = pytest.mark.sandbox

OWN = """primary = "cost"
secondary = ["log_loss"]
scorer = "scorer:score"

[metrics.own.cost]
title = "Cost of mistakes"
direction = "minimize"
digits = 2
"""
TOML = TASK_TOML.replace('primary = "log_loss"\nsecondary = ["accuracy"]\n', OWN)
SCORER = """
import numpy as np

def score(target, predictions):
    wrong = predictions.argmax(axis=1) != target
    return {"cost": np.stack([5.0 * wrong, 1.0 + target], axis=1)}
"""


def prepared(parent: Path, scorer: str) -> PreparedTask:
    folder = parent / "signs"
    folder.mkdir(parents=True)
    (folder / "task.toml").write_text(TOML)
    (folder / "scorer.py").write_text(scorer)
    task = task_load(folder)
    data = prepared_folder(task, parent / "data")
    random = np.random.default_rng(0)
    for name, n in (("public/practice.npz", 30), ("private/judged.npz", 60)):
        path = data / name
        path.parent.mkdir(parents=True)
        features = random.normal(size=(n, 4)).astype(np.float32)
        target = (features[:, 0] > 0.2).astype(np.int64)
        np.savez(path, input_features=features, target=target, unit=np.arange(n) // 2)
    return PreparedTask(task, data, data_digest(data))


def judge(sandbox: Sandbox, tmp_path: Path, scorer: str) -> EvaluationReport:
    return evaluate(
        prepared=prepared(tmp_path / "task", scorer),
        upload=model_folder(tmp_path, GOOD_MODEL),
        filename="submission",
        sandbox=sandbox,
        seed=SEED,
    )


def test_it_scores_beside_the_built_in_metrics(bubblewrap: Sandbox, tmp_path: Path) -> None:
    report = judge(bubblewrap, tmp_path, SCORER)
    assert report.verdict is Verdict.SCORED
    assert [(score.metric, score.split) for score in report.scores] == [
        (metric, split)
        for splits in ((Split.PRACTICE,), (Split.PUBLIC, Split.PRIVATE))
        for metric in ("cost", "log_loss")
        for split in splits
    ]
    items = prepared(tmp_path / "again", SCORER).practice()
    wrong = (np.asarray(items.inputs["features"], np.float32)[:, 0] > 0) != items.target
    cost = report.score("cost", Split.PRACTICE)
    assert cost is not None
    assert cost.value == pytest.approx(5 * wrong.sum() / (1 + items.target.astype(np.int64)).sum())
    assert cost.low <= cost.value <= cost.high


FAULTS = {
    "raise ValueError('a bug of the author')": "a bug of the author",
    "import socket; socket.create_connection(('127.0.0.1', 80), timeout=2)": "Error",
    "return {}": "returned nothing, but task.toml names cost",
    "return {'cost': np.ones(3)}": "'cost' is float64 [3]",
    "return {'cost': np.ones(len(target), np.int64)}": "'cost' is int64",
    "return {'cost': np.full(len(target), np.nan)}": "holds NaN",
    "return {'cost': -np.ones((len(target), 2))}": "weights are at least 0",
    "return {'cost': np.ones(len(target)), 'other': np.ones(len(target))}": "cost, other",
    "return 3": "dictionary",
    "import os; os._exit(3)": "was stopped (exited, exit status 3)",
    "return {'cost': np.array([{}] * len(target))}": "no array of numbers",
}


@pytest.mark.parametrize("line", FAULTS)
def test_its_faults_are_the_task_s(bubblewrap: Sandbox, tmp_path: Path, line: str) -> None:
    scorer = f"import numpy as np\nimport sys\n\ndef score(target, predictions):\n    {line}\n"
    with pytest.raises(TaskError) as caught:
        judge(bubblewrap, tmp_path, f"{scorer}    print('over')\n")
    assert FAULTS[line] in str(caught.value)
    assert "signs" in str(caught.value)


SLOW = """
import time
import numpy as np

def score(target, predictions):
    if len(target) == 60:  # the judged items
        time.sleep(200)
    return {"cost": np.ones(len(target))}
"""


def test_cancelling_ends_it(bubblewrap: Sandbox, tmp_path: Path) -> None:
    cancelled = threading.Event()

    def scoring(progress: Progress) -> None:
        if progress.stage is Stage.SCORING:
            threading.Timer(0.5, cancelled.set).start()

    report = evaluate(
        prepared=prepared(tmp_path / "task", SLOW),
        upload=model_folder(tmp_path, GOOD_MODEL),
        filename="submission",
        sandbox=bubblewrap,
        seed=SEED,
        on_progress=scoring,
        cancelled=cancelled,
    )
    assert (report.verdict, report.stage) == (Verdict.CANCELLED, Stage.SCORING)


def test_a_scorer_that_can_t_be_imported_is_the_task_s_fault(
    bubblewrap: Sandbox, tmp_path: Path
) -> None:
    with pytest.raises(TaskError, match="no_such_module"):
        judge(bubblewrap, tmp_path, "import no_such_module")
    with pytest.raises(TaskError, match="score"):
        judge(bubblewrap, tmp_path / "other", "x = 1")


def test_it_sees_neither_student_code_nor_other_files(bubblewrap: Sandbox, tmp_path: Path) -> None:
    scorer = """
import pathlib
import numpy as np

def score(target, predictions):
    found = [path for path in pathlib.Path("/").glob("*/model.py")]
    found += [path for path in pathlib.Path("/").glob("*/*/model.py")]
    assert not found, found
    return {"cost": np.ones(len(target))}
"""
    assert judge(bubblewrap, tmp_path, scorer).verdict is Verdict.SCORED


def test_a_student_s_machine_leaves_it_out(bubblewrap: Sandbox, tmp_path: Path) -> None:
    task = prepared(tmp_path / "task", SCORER)
    run = practice(
        spec=task.task.spec,
        items=task.practice(),
        upload=model_folder(tmp_path, GOOD_MODEL),
        filename="submission",
        sandbox=bubblewrap,
    )
    assert [score.metric for score in run.scores] == ["log_loss"]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('scorer = "scorer:score"\n', "", "need each other"),
        ('"scorer:score"', '"os:system"', "does not have the form"),
        ("own.cost", "own.accuracy", "unknown metric 'cost'"),
        ('primary = "cost"', 'primary = "accuracy"', "'cost' is neither primary nor secondary"),
        ('"minimize"', '"down"', "must be 'maximize' or 'minimize'"),
    ],
)
def test_a_wrong_declaration_is_explained(old: str, new: str, words: str) -> None:
    with pytest.raises(TaskError) as caught:
        spec_parse(TOML.replace(old, new))
    assert words in str(caught.value)
