"""The practice stage: what the server shows a student first, and all that a local check runs."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evaluators.artifact import Artifact, artifact_unpack
from evaluators.devices.device import Device
from evaluators.items import Items
from evaluators.protocols.select import protocol_run
from evaluators.protocols.stage import ModelStage, StageResult
from evaluators.report import Log, Samples, Score, Stage
from evaluators.samples import samples_draw
from evaluators.sandbox.base import Sandbox
from evaluators.scoring import practice_scores
from evaluators.spec import TaskSpec
from evaluators.work import work_folder

# A local check draws the same samples each time; the server's seed is not known beforehand.
LOCAL_SAMPLING_SEED = 0


@dataclass(frozen=True, slots=True)
class PracticeRun:
    """What a local check yields.

    Attributes:
        artifact: the accepted files.
        result: predictions or the reason why there are none, and what the sandbox knows.
        scores: on the practice sample, the primary metric first; without metrics of the task's
            own, which only the server computes.
        samples: what a language model drew, where the task asks for it.
    """

    artifact: Artifact
    result: StageResult[NDArray[np.generic]]
    scores: tuple[Score, ...]
    samples: Samples | None


def practice(
    *, spec: TaskSpec, items: Items, upload: Path, filename: str, sandbox: Sandbox
) -> PracticeRun:
    """Runs the practice stage alone.

    Raises:
        SubmissionError: the upload is refused.
        TaskError: the task or its data are at fault.
        InfrastructureError: the model's process can't be started.
    """
    scores: tuple[Score, ...] = ()
    samples: Samples | None = None
    with work_folder() as folder:
        artifact = artifact_unpack(
            upload, folder, filename=filename, limit_mb=spec.limits.artifact_mb
        )
        stage = practice_stage(spec=spec, items=items, artifact=artifact, folder=folder)
        result = protocol_run(stage, sandbox)
        if result.answer is not None:
            scores = practice_scores(spec=spec, items=items, predictions=result.answer)
            if spec.sampling is not None:
                samples = samples_draw(
                    stage=stage,
                    samples=spec.sampling.samples,
                    sandbox=sandbox,
                    seed=LOCAL_SAMPLING_SEED,
                )
    return PracticeRun(artifact, result, scores, samples)


def practice_stage(
    *,
    spec: TaskSpec,
    items: Items,
    artifact: Artifact,
    folder: Path,
    on_log: Callable[[Log], None] | None = None,
    cancelled: threading.Event | None = None,
    device: Device | None = None,
) -> ModelStage:
    """The stage that gets the practice sample, in its own order."""
    return ModelStage(
        stage=Stage.PRACTICE,
        spec=spec,
        artifact=artifact,
        folder=folder,
        inputs=items.inputs,
        order=np.arange(len(items)),
        on_log=on_log,
        cancelled=cancelled,
        device=device,
    )
