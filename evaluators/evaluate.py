"""Judges an artifact against a task. The command line, the worker and the tests all call this."""

import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from evaluators.artifact import Artifact, artifact_unpack
from evaluators.errors import InfrastructureError, SubmissionError
from evaluators.items import Items
from evaluators.messages import Message
from evaluators.prepared import PreparedTask
from evaluators.protocols.batch import BatchResult, BatchStage, batch_run
from evaluators.report import EvaluationReport, Log, Progress, Provenance, Score, Stage
from evaluators.runner.seed import Seed
from evaluators.sandbox.base import Sandbox
from evaluators.scoring import practice_scores, predictions_pack, split_scores, units_split
from evaluators.spec import TaskSpec
from evaluators.verdicts import Verdict

OnProgress = Callable[[Progress], None]


def _silent(progress: Progress) -> None:
    """Nobody waits."""


@dataclass(slots=True)
class _Record:
    """What has become known so far; a report can be made of it at any point."""

    stage: Stage = Stage.UNPACK
    artifact: Artifact | None = None
    message: Message | None = None
    scores: tuple[Score, ...] = ()
    practice_log: Log = field(default_factory=Log)
    judged_log: Log = field(default_factory=Log)
    statistics: bytes | None = None
    predictions: bytes | None = None
    durations: dict[str, float] = field(default_factory=dict)
    peak_memory_mb: float = 0.0

    @contextmanager
    def entered(self, stage: Stage) -> Iterator[None]:
        """Notes the stage and how long it took."""
        self.stage = stage
        started = time.monotonic()
        try:
            yield
        finally:
            self.durations[stage.value] = round(time.monotonic() - started, 3)


def evaluate(
    *,
    prepared: PreparedTask,
    upload: Path,
    filename: str,
    sandbox: Sandbox,
    seed: Seed,
    on_progress: OnProgress = _silent,
    cancelled: threading.Event | None = None,
) -> EvaluationReport:
    """Judges an upload: unpack, practice stage, judged stage, scores.

    Args:
        prepared: the task and its data.
        upload: a zip, a folder or one file.
        filename: what the participant calls it.
        sandbox: where its code runs.
        seed: the task's secret seed: decides the split, and the order of the hidden items.
        on_progress: called when a stage begins, and while the practice stage prints.
        cancelled: set it to end the evaluation soon, with the verdict `cancelled`.

    Returns:
        A report. Whatever the submission does wrong is a verdict in it.

    Raises:
        TaskError: the task or its data are at fault.
        InfrastructureError: we are.
    """
    record = _Record()
    with _work_folder() as folder:
        try:
            with record.entered(Stage.UNPACK):
                on_progress(Progress(Stage.UNPACK))
                record.artifact = artifact_unpack(
                    upload,
                    folder,
                    filename=filename,
                    limit_mb=prepared.task.spec.limits.artifact_mb,
                )
            _practice(record, prepared, folder, sandbox, on_progress, cancelled)
            _judged(record, prepared, folder, sandbox, seed, on_progress, cancelled)
        except SubmissionError as error:
            record.message = error.message
    return _report(record, prepared, sandbox)


def practice(
    *, spec: TaskSpec, items: Items, upload: Path, filename: str, sandbox: Sandbox
) -> tuple[BatchResult, Artifact, tuple[Score, ...]]:
    """Runs the practice stage alone: what a student's local check does.

    Raises:
        SubmissionError: the upload is refused.
        TaskError: the task or its data are at fault.
        InfrastructureError: the model's process can't be started.
    """
    with _work_folder() as folder:
        artifact = artifact_unpack(
            upload, folder, filename=filename, limit_mb=spec.limits.artifact_mb
        )
        stage = _practice_stage(spec, items, artifact, folder)
        result = batch_run(stage, sandbox)
    scores: tuple[Score, ...] = ()
    if result.predictions is not None:
        scores = practice_scores(spec=spec, items=items, predictions=result.predictions)
    return result, artifact, scores


def _practice_stage(
    spec: TaskSpec,
    items: Items,
    artifact: Artifact,
    folder: Path,
    on_log: Callable[[Log], None] | None = None,
    cancelled: threading.Event | None = None,
) -> BatchStage:
    return BatchStage(
        stage=Stage.PRACTICE,
        spec=spec,
        artifact=artifact,
        folder=folder,
        inputs=items.inputs,
        order=np.arange(len(items)),
        on_log=on_log,
        cancelled=cancelled,
    )


def _practice(
    record: _Record,
    prepared: PreparedTask,
    folder: Path,
    sandbox: Sandbox,
    on_progress: OnProgress,
    cancelled: threading.Event | None,
) -> None:
    with record.entered(Stage.PRACTICE):
        assert record.artifact is not None  # noqa: S101 for the type checker
        on_progress(Progress(Stage.PRACTICE))
        items = prepared.practice()
        stage = _practice_stage(
            prepared.task.spec,
            items,
            record.artifact,
            folder,
            on_log=lambda log: on_progress(Progress(Stage.PRACTICE, log)),
            cancelled=cancelled,
        )
        result = batch_run(stage, sandbox)
        record.practice_log = result.outcome.log
        record.peak_memory_mb = result.outcome.peak_memory_mb
        record.scores = practice_scores(
            spec=prepared.task.spec, items=items, predictions=result.required()
        )


def _judged(
    record: _Record,
    prepared: PreparedTask,
    folder: Path,
    sandbox: Sandbox,
    seed: Seed,
    on_progress: OnProgress,
    cancelled: threading.Event | None,
) -> None:
    spec = prepared.task.spec
    with record.entered(Stage.JUDGED):
        assert record.artifact is not None  # noqa: S101 for the type checker
        on_progress(Progress(Stage.JUDGED, record.practice_log))
        items = prepared.judged()
        # The same artifact is always shown the same order, so that judging again repeats itself.
        shuffle = seed.stream(f"judged order {record.artifact.digest}")
        stage = BatchStage(
            stage=Stage.JUDGED,
            spec=spec,
            artifact=record.artifact,
            folder=folder,
            inputs=items.inputs,
            order=shuffle.permutation(len(items)),
            cancelled=cancelled,
        )
        result = batch_run(stage, sandbox)
        record.judged_log = result.outcome.log
        record.peak_memory_mb = max(record.peak_memory_mb, result.outcome.peak_memory_mb)
        predictions = result.required()
    with record.entered(Stage.SCORING):
        on_progress(Progress(Stage.SCORING, record.practice_log))
        public = units_split(items.unit, public_fraction=spec.split.public_fraction, seed=seed)
        scored = split_scores(spec=spec, items=items, predictions=predictions, public=public)
        record.scores = record.scores + scored.scores
        record.statistics = scored.statistics
        record.predictions = predictions_pack(predictions)


def _report(record: _Record, prepared: PreparedTask, sandbox: Sandbox) -> EvaluationReport:
    return EvaluationReport(
        task=prepared.task.slug,
        verdict=record.message.verdict if record.message else Verdict.SCORED,
        message=record.message,
        stage=record.stage,
        artifact=record.artifact,
        primary=prepared.task.spec.metrics.primary,
        scores=record.scores,
        practice_log=record.practice_log,
        judged_log=record.judged_log,
        statistics=record.statistics,
        predictions=record.predictions,
        durations=dict(record.durations),
        peak_memory_mb=round(record.peak_memory_mb, 1),
        provenance=Provenance(
            task_version=prepared.task.version,
            data_version=prepared.data_version,
            runtime=sandbox.runtime_digest,
            sandbox=sandbox.name,
            sandbox_notes=sandbox.notes,
        ),
    )


@contextmanager
def _work_folder() -> Iterator[Path]:
    """A folder for one artifact, in one that nobody else may enter, gone afterwards."""
    try:
        holder = tempfile.TemporaryDirectory(prefix="springboard-")
    except OSError as error:
        raise InfrastructureError(f"no room to unpack an upload: {error}") from error
    with holder as name:
        yield Path(name) / "submission"
