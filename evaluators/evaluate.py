"""Judges an artifact against a task. The command line, the worker and the tests all call this."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evaluators.artifact import Artifact, artifact_unpack
from evaluators.devices.device import Device
from evaluators.diagnostics import Draft, diagnostics_draw, practice_drafts, public_drafts
from evaluators.errors import SubmissionError
from evaluators.messages import Message
from evaluators.practice import practice_stage
from evaluators.prepared import PreparedTask
from evaluators.protocols.select import protocol_run
from evaluators.protocols.stage import ModelStage, StageResult
from evaluators.report import (
    Diagnostic,
    EvaluationReport,
    Log,
    Progress,
    Provenance,
    Samples,
    Score,
    Stage,
)
from evaluators.runner.seed import Seed
from evaluators.samples import SAMPLING_SEEDS, samples_draw
from evaluators.sandbox.base import Sandbox
from evaluators.scorer import scorer_stats
from evaluators.scoring import practice_scores, predictions_pack, split_scores, units_split
from evaluators.verdicts import Verdict
from evaluators.work import work_folder

# A step of ours in the report's durations, beside the stages.
DIAGNOSTICS = "diagnostics"
# After a stage's name: how long its sandbox took until the runner in it said hello.
START = "_start"
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
    practice_drafts: tuple[Draft, ...] = ()
    public_drafts: tuple[Draft, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    durations: dict[str, float] = field(default_factory=dict)
    peak_memory_mb: float = 0.0

    @contextmanager
    def entered(self, stage: Stage) -> Iterator[None]:
        """Notes the stage and how long it took."""
        self.stage = stage
        with self.timed(stage.value):
            yield

    @contextmanager
    def timed(self, step: str) -> Iterator[None]:
        """Notes how long a step took."""
        started = time.monotonic()
        try:
            yield
        finally:
            self.durations[step] = round(time.monotonic() - started, 3)

    def sandboxed(self, stage: Stage, result: StageResult[Any]) -> None:
        """Notes what a stage's sandbox took: its start, and memory."""
        if result.start_seconds is not None:
            self.durations[f"{stage.value}{START}"] = round(result.start_seconds, 3)
        self.peak_memory_mb = max(self.peak_memory_mb, result.outcome.peak_memory_mb)


def evaluate(
    *,
    prepared: PreparedTask,
    upload: Path,
    filename: str,
    sandbox: Sandbox,
    seed: Seed,
    on_progress: OnProgress = _silent,
    cancelled: threading.Event | None = None,
    device: Device | None = None,
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
        device: the accelerator that its code may use; without one it runs on the processor, also
            when the task asks for one.

    Returns:
        A report. Whatever the submission does wrong is a verdict in it.

    Raises:
        TaskError: the task or its data are at fault.
        InfrastructureError: we are.
    """
    record = _Record()
    with work_folder() as folder:
        try:
            with record.entered(Stage.UNPACK):
                on_progress(Progress(Stage.UNPACK))
                record.artifact = artifact_unpack(
                    upload,
                    folder,
                    filename=filename,
                    limit_mb=prepared.task.spec.limits.artifact_mb,
                )
            _practice(record, prepared, folder, sandbox, seed, on_progress, cancelled, device)
            _judged(record, prepared, folder, sandbox, seed, on_progress, cancelled, device)
        except SubmissionError as error:
            record.message = error.message
    with record.timed(DIAGNOSTICS):
        record.diagnostics = diagnostics_draw(record.practice_drafts, record.public_drafts)
    return _report(record, prepared, sandbox, device)


def _practice(
    record: _Record,
    prepared: PreparedTask,
    folder: Path,
    sandbox: Sandbox,
    seed: Seed,
    on_progress: OnProgress,
    cancelled: threading.Event | None,
    device: Device | None,
) -> None:
    task = prepared.task
    with record.entered(Stage.PRACTICE):
        assert record.artifact is not None  # noqa: S101 for the type checker
        on_progress(Progress(Stage.PRACTICE))
        items = prepared.practice()
        stage = practice_stage(
            spec=task.spec,
            items=items,
            artifact=record.artifact,
            folder=folder,
            on_log=lambda log: on_progress(Progress(Stage.PRACTICE, log)),
            cancelled=cancelled,
            device=device,
        )
        result = protocol_run(stage, sandbox)
        record.practice_log = result.outcome.log
        record.sandboxed(Stage.PRACTICE, result)
        predictions = result.required()
        record.scores = practice_scores(
            spec=task.spec,
            items=items,
            predictions=predictions,
            own=scorer_stats(
                task=task,
                items=items,
                predictions=predictions,
                sandbox=sandbox,
                cancelled=cancelled,
            ),
        )
        if task.spec.sampling is not None:
            stream = seed.stream(f"samples of {record.artifact.digest}")
            record.samples = samples_draw(
                stage=stage,
                samples=task.spec.sampling.samples,
                sandbox=sandbox,
                seed=int(stream.integers(SAMPLING_SEEDS)),
            )
        record.practice_drafts = practice_drafts(
            spec=task.spec,
            items=items,
            predictions=predictions,
            public=prepared.public,
            samples=record.samples,
        )


def _judged(
    record: _Record,
    prepared: PreparedTask,
    folder: Path,
    sandbox: Sandbox,
    seed: Seed,
    on_progress: OnProgress,
    cancelled: threading.Event | None,
    device: Device | None,
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
            device=device,
        )
        result = protocol_run(stage, sandbox)
        record.judged_log = result.outcome.log
        record.sandboxed(Stage.JUDGED, result)
        predictions = result.required()
    with record.entered(Stage.SCORING):
        on_progress(Progress(Stage.SCORING, record.practice_log))
        public = units_split(items.unit, public_fraction=spec.split.public_fraction, seed=seed)
        own = scorer_stats(
            task=prepared.task,
            items=items,
            predictions=predictions,
            sandbox=sandbox,
            cancelled=cancelled,
        )
        scored = split_scores(
            spec=spec, items=items, predictions=predictions, public=public, own=own
        )
        record.scores = record.scores + scored.scores
        record.statistics = scored.statistics
        record.predictions = predictions_pack(predictions)
        record.public_drafts = public_drafts(
            spec=spec, items=items, predictions=predictions, public=public
        )


def _report(
    record: _Record, prepared: PreparedTask, sandbox: Sandbox, device: Device | None
) -> EvaluationReport:
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
            device=device.uuid if device else "",
        ),
        samples=record.samples,
        diagnostics=record.diagnostics,
    )
