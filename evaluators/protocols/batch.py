"""The batch protocol: chunks of inputs in, an answer for each item out."""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evaluators.artifact import Artifact
from evaluators.blame import FAILURE_BYTES, failure_fault, failure_parse, session_fault
from evaluators.errors import InfrastructureError, SubmissionError
from evaluators.predictions import predictions_check
from evaluators.report import Log, Stage
from evaluators.runner.arrays import ArraysError, RawArray, pack_arrays, unpack_raw
from evaluators.runner.frames import Frame, Kind
from evaluators.sandbox.base import Ending, Outcome, Sandbox, SandboxSpec, Session, SessionStopped
from evaluators.spec import OutputSpec, TaskSpec

RUNNER = Path(__file__).resolve().parents[1] / "runner"
CHUNK_ITEMS = 512
HELLO_BYTES = 64
READY_BYTES = 4096
# An answer's header, and room for an answer that is too large by a mistake worth explaining.
ANSWER_SPARE_BYTES = 1 << 20
ANSWER_FACTOR = 4
MODEL_SEED = 20_240_229


@dataclass(frozen=True, slots=True)
class BatchStage:
    """What a stage runs with.

    Attributes:
        stage: practice or judged; decides what the participant may read.
        spec: of the task.
        artifact: what was unpacked.
        folder: where it lies.
        inputs: by name, each [N, ...].
        order: int64 [N], the order in which items are shown to the model.
        on_log: called with what is printed.
        cancelled: ends the stage when set.
    """

    stage: Stage
    spec: TaskSpec
    artifact: Artifact
    folder: Path
    inputs: dict[str, NDArray[np.generic]]
    order: NDArray[np.int64]
    on_log: Callable[[Log], None] | None = None
    cancelled: threading.Event | None = None


@dataclass(frozen=True, slots=True)
class BatchResult:
    """What a stage yielded.

    Attributes:
        predictions: checked, in the order of the items; None when the submission failed.
        error: why it failed.
        outcome: what the sandbox knows: log, time, memory.
    """

    predictions: NDArray[np.generic] | None
    error: SubmissionError | None
    outcome: Outcome

    def required(self) -> NDArray[np.generic]:
        """Returns the predictions.

        Raises:
            SubmissionError: there are none, since the submission failed.
        """
        if self.error is not None or self.predictions is None:
            raise self.error or InfrastructureError("a stage without predictions and reason")
        return self.predictions


def batch_run(stage: BatchStage, sandbox: Sandbox) -> BatchResult:
    """Runs one stage in a sandbox of its own, which is dead when this returns.

    Raises:
        InfrastructureError: the sandbox failed, not the submission.
    """
    spec = SandboxSpec(
        program=RUNNER,
        limits=stage.spec.limits,
        folders={"submission": stage.folder},
        on_log=stage.on_log,
        cancelled=stage.cancelled,
    )
    conversation = _Conversation(stage)
    predictions: NDArray[np.generic] | None = None
    error: SubmissionError | None = None
    session = sandbox.open(spec)
    with session:
        try:
            predictions = conversation.hold(session)
        except SessionStopped:
            pass  # `close` below tells why
        except SubmissionError as raised:
            error = raised
        outcome = session.close()
    silent = predictions is None and error is None
    if silent or not conversation.handshake or outcome.ending is not Ending.EXITED:
        # Seen from outside, a limit that was hit outweighs whatever the runner said before.
        error = session_fault(
            outcome, handshake=conversation.handshake, stage=stage.stage, limits=stage.spec.limits
        )
        predictions = None
    return BatchResult(predictions, error, outcome)


class _Conversation:
    """What the host says and expects, frame by frame."""

    def __init__(self, stage: BatchStage) -> None:
        self._stage = stage
        self._output: OutputSpec = stage.spec.output[stage.spec.output_name]
        self.handshake = False

    def hold(self, session: Session) -> NDArray[np.generic]:
        self._expect(session, Kind.HELLO, HELLO_BYTES)
        self.handshake = True
        session.send(Kind.CONFIGURE, json.dumps(self._orders(session)).encode())
        self._expect(session, Kind.READY, READY_BYTES)
        order = self._stage.order
        predictions = np.empty((len(order), *self._output.item_shape), dtype=self._output.dtype)
        for start in range(0, len(order), CHUNK_ITEMS):
            chunk = order[start : start + CHUNK_ITEMS]
            arrays = {name: array[chunk] for name, array in self._stage.inputs.items()}
            session.send(Kind.INPUTS, pack_arrays(arrays))
            predictions[chunk] = self._answer(session, len(chunk))
        session.send(Kind.END)
        return predictions

    def _orders(self, session: Session) -> dict[str, Any]:
        output = self._output.model_dump(mode="json", include={"dtype", "shape", "classes"})
        return {
            "job": "model",
            "folder": session.path("submission"),
            "entry": self._stage.artifact.entry,
            "kind": self._stage.artifact.kind,
            "outputs": {self._stage.spec.output_name: output},
            "seed": MODEL_SEED,
        }

    def _answer(self, session: Session, items: int) -> NDArray[np.generic]:
        wanted = (
            int(np.prod((items, *self._output.item_shape))) * np.dtype(self._output.dtype).itemsize
        )
        limit = ANSWER_FACTOR * wanted + ANSWER_SPARE_BYTES
        frame = self._expect(session, Kind.ANSWER, limit)
        try:
            arrays = unpack_raw(frame.payload)
        except ArraysError as error:
            raise SubmissionError("bad_protocol", stage=self._stage.stage) from error
        raw = self._only(arrays)
        return predictions_check(
            name=raw.name,
            dtype=raw.dtype,
            shape=raw.shape,
            data=raw.data,
            spec=self._output,
            items=items,
            hidden=self._stage.stage is Stage.JUDGED,
        )

    def _only(self, arrays: list[RawArray]) -> RawArray:
        name = self._stage.spec.output_name
        if [array.name for array in arrays] != [name]:
            if self._stage.stage is Stage.JUDGED:
                # The names are the model's own words, and it has seen hidden inputs.
                raise SubmissionError("judged_predictions_missing", wanted=f"{name!r} alone")
            got = ", ".join(repr(array.name) for array in arrays) or "nothing"
            raise SubmissionError("predictions_missing", got=got, wanted=f"{name!r} alone")
        return arrays[0]

    def _expect(self, session: Session, kind: Kind, limit: int) -> Frame:
        frame = session.receive(max(limit, FAILURE_BYTES))
        if frame.kind is Kind.FAILURE and self.handshake:
            raise failure_fault(
                failure_parse(frame.payload),
                stage=self._stage.stage,
                limits=self._stage.spec.limits,
                artifact=self._stage.folder,
                entry=self._stage.artifact.entry,
            )
        if frame.kind is not kind or len(frame.payload) > limit:
            raise SubmissionError("bad_protocol", stage=self._stage.stage)
        return frame
