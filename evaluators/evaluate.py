"""Judges an artifact against a task. The command line, the worker and the tests all call this."""

import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evaluators.artifact import Artifact, artifact_unpack
from evaluators.errors import InfrastructureError, SubmissionError
from evaluators.items import Items
from evaluators.messages import Message
from evaluators.prepared import PreparedTask
from evaluators.protocols.batch import batch_run
from evaluators.protocols.lockstep import lockstep_run
from evaluators.protocols.sampling import sampling_run
from evaluators.protocols.stage import ModelStage, StageResult
from evaluators.report import EvaluationReport, Log, Progress, Provenance, Samples, Score, Stage
from evaluators.runner.seed import Seed
from evaluators.sandbox.base import Sandbox
from evaluators.scorer import scorer_stats
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
    samples: Samples | None = None
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
            _practice(record, prepared, folder, sandbox, seed, on_progress, cancelled)
            _judged(record, prepared, folder, sandbox, seed, on_progress, cancelled)
        except SubmissionError as error:
            record.message = error.message
    return _report(record, prepared, sandbox)


def practice(
    *, spec: TaskSpec, items: Items, upload: Path, filename: str, sandbox: Sandbox
) -> tuple[StageResult[NDArray[np.generic]], Artifact, tuple[Score, ...]]:
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
        result = _run(stage, sandbox)
    scores: tuple[Score, ...] = ()
    if result.answer is not None:
        scores = practice_scores(spec=spec, items=items, predictions=result.answer)
    return result, artifact, scores


def _run(stage: ModelStage, sandbox: Sandbox) -> StageResult[NDArray[np.generic]]:
    """Runs a stage in the protocol of its task."""
    return (lockstep_run if stage.spec.evaluator == "lockstep" else batch_run)(stage, sandbox)


def _practice_stage(
    spec: TaskSpec,
    items: Items,
    artifact: Artifact,
    folder: Path,
    on_log: Callable[[Log], None] | None = None,
    cancelled: threading.Event | None = None,
) -> ModelStage:
    return ModelStage(
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
    seed: Seed,
    on_progress: OnProgress,
    cancelled: threading.Event | None,
) -> None:
    task = prepared.task
    with record.entered(Stage.PRACTICE):
        assert record.artifact is not None  # noqa: S101 for the type checker
        on_progress(Progress(Stage.PRACTICE))
        items = prepared.practice()
        stage = _practice_stage(
            task.spec,
            items,
            record.artifact,
            folder,
            on_log=lambda log: on_progress(Progress(Stage.PRACTICE, log)),
            cancelled=cancelled,
        )
        result = _run(stage, sandbox)
        record.practice_log = result.outcome.log
        record.peak_memory_mb = result.outcome.peak_memory_mb
        predictions = result.required()
        record.scores = practice_scores(
            spec=task.spec,
            items=items,
            predictions=predictions,
            own=scorer_stats(task=task, items=items, predictions=predictions, sandbox=sandbox),
        )
        if task.spec.sampling is not None:
            record.samples = _samples(stage, task.spec.sampling.samples, sandbox, seed)


def _samples(stage: ModelStage, samples: int, sandbox: Sandbox, seed: Seed) -> Samples:
    """Lets a language model draw texts. A model that can't is judged all the same."""
    drawn = int(seed.stream(f"samples of {stage.artifact.digest}").integers(2**31))
    result = sampling_run(replace(stage, on_log=None), sandbox, seed=drawn, samples=samples)
    if result.error is not None:
        if result.error.message.verdict is Verdict.CANCELLED:
            raise result.error
        return Samples(message=result.error.message)
    return Samples(texts=result.required())


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
        stage = ModelStage(
            stage=Stage.JUDGED,
            spec=spec,
            artifact=record.artifact,
            folder=folder,
            inputs=items.inputs,
            order=shuffle.permutation(len(items)),
            cancelled=cancelled,
        )
        result = _run(stage, sandbox)
        record.judged_log = result.outcome.log
        record.peak_memory_mb = max(record.peak_memory_mb, result.outcome.peak_memory_mb)
        predictions = result.required()
    with record.entered(Stage.SCORING):
        on_progress(Progress(Stage.SCORING, record.practice_log))
        public = units_split(items.unit, public_fraction=spec.split.public_fraction, seed=seed)
        own = scorer_stats(
            task=prepared.task, items=items, predictions=predictions, sandbox=sandbox
        )
        scored = split_scores(
            spec=spec, items=items, predictions=predictions, public=public, own=own
        )
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
        samples=record.samples,
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
