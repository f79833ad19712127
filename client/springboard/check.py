"""Judges a submission on the practice sample, with the server's own code."""

from dataclasses import dataclass
from pathlib import Path

from evaluators.artifact import Artifact
from evaluators.errors import SubmissionError, TaskError
from evaluators.items import Items, items_load
from evaluators.messages import Message
from evaluators.practice import practice
from evaluators.prepared import PRACTICE_FILE
from evaluators.report import Log, Samples, Score
from evaluators.sandbox.base import Sandbox
from evaluators.spec import TaskSpec
from evaluators.task import task_load
from evaluators.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What the check found.

    Attributes:
        verdict: what the server would say of the practice stage.
        message: why, for every verdict but `scored`.
        artifact: the accepted files, if they were.
        scores: on the practice sample, the primary metric first; empty unless `scored`.
        log: what the model printed.
        wall_seconds: how long it ran, loading included.
        peak_memory_mb: largest memory use; 0 where the system can't tell.
        items: how many practice items there are.
        spec: the task's, for its limits.
        samples: what a language model drew, where the task asks for it.
    """

    verdict: Verdict
    message: Message | None
    artifact: Artifact | None
    scores: tuple[Score, ...]
    log: Log
    wall_seconds: float
    peak_memory_mb: float
    items: int
    spec: TaskSpec
    samples: Samples | None = None


def check(*, path: Path, task_folder: Path, data_folder: Path, sandbox: Sandbox) -> CheckResult:
    """Runs the practice stage on a zip, a folder or a single model file.

    Args:
        path: the submission.
        task_folder: holds `task.toml`.
        data_folder: holds the practice sample.
        sandbox: where the model runs.

    Raises:
        TaskError: task or data are missing or damaged.
        InfrastructureError: the model's process can't be started.
    """
    spec = task_load(task_folder).spec
    items = _items(data_folder, spec)
    try:
        run = practice(
            spec=spec, items=items, upload=path, filename=path.resolve().name, sandbox=sandbox
        )
    except SubmissionError as error:  # refused before anything ran
        return CheckResult(
            error.message.verdict, error.message, None, (), Log(), 0, 0, len(items), spec
        )
    outcome, fault = run.result.outcome, run.result.error
    return CheckResult(
        verdict=fault.message.verdict if fault else Verdict.SCORED,
        message=fault.message if fault else None,
        artifact=run.artifact,
        scores=run.scores,
        log=outcome.log,
        wall_seconds=outcome.wall_seconds,
        peak_memory_mb=outcome.peak_memory_mb,
        items=len(items),
        spec=spec,
        samples=run.samples,
    )


def _items(data_folder: Path, spec: TaskSpec) -> Items:
    for folder in (data_folder, data_folder / "public"):
        if (folder / PRACTICE_FILE).is_file():
            return items_load(folder / PRACTICE_FILE, spec)
    raise TaskError(
        f"there is no {PRACTICE_FILE} in {data_folder}: download the competition's data and unpack "
        "it there, or say with --data where it lies"
    )
