"""What all protocols share: a stage in a sandbox of its own, its handshake and its faults."""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from evaluators.artifact import Artifact
from evaluators.blame import FAILURE_BYTES, failure_fault, failure_parse, session_fault
from evaluators.devices.device import Device
from evaluators.errors import InfrastructureError, SubmissionError
from evaluators.report import Log, Stage
from evaluators.runner import RUNNER
from evaluators.runner.arrays import ArraysError, RawArray, unpack_raw
from evaluators.runner.frames import Frame, Kind
from evaluators.sandbox.base import Ending, Outcome, Sandbox, SandboxSpec, Session, SessionStopped
from evaluators.spec import TaskSpec

HELLO_BYTES = 64
READY_BYTES = 4096
# An answer's header, and room for an answer that is too large by a mistake worth explaining.
ANSWER_SPARE_BYTES = 1 << 20
ANSWER_FACTOR = 4
MODEL_SEED = 20_240_229
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class ModelStage:
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
        device: the accelerator that the model may use.
    """

    stage: Stage
    spec: TaskSpec
    artifact: Artifact
    folder: Path
    inputs: dict[str, NDArray[np.generic]]
    order: NDArray[np.int64]
    on_log: Callable[[Log], None] | None = None
    cancelled: threading.Event | None = None
    device: Device | None = None


@dataclass(frozen=True, slots=True)
class StageResult(Generic[Answer]):
    """What a stage yielded.

    Attributes:
        answer: checked; None when the submission failed.
        error: why it failed.
        outcome: what the sandbox knows: log, time, memory.
        start_seconds: from opening the sandbox until the runner in it said hello; None if it never
            did.
    """

    answer: Answer | None
    error: SubmissionError | None
    outcome: Outcome
    start_seconds: float | None = None

    def required(self) -> Answer:
        """Returns the answer.

        Raises:
            SubmissionError: there is none, since the submission failed.
        """
        if self.error is not None or self.answer is None:
            raise self.error or InfrastructureError("a stage without answer and reason")
        return self.answer


class Conversation:
    """What the host says to a loaded model and expects of it, frame by frame.

    Attributes:
        stage: what runs.
        started: when the runner had said hello, by the monotonic clock; None before.
    """

    def __init__(self, stage: ModelStage, session: Session) -> None:
        self.stage = stage
        self.started: float | None = None
        self._session = session
        self._signatures = ""

    @property
    def handshake(self) -> bool:
        """Whether the runner had said hello."""
        return self.started is not None

    @property
    def hidden(self) -> bool:
        """Whether the model sees hidden inputs: then nothing that it says is repeated."""
        return self.stage.stage is Stage.JUDGED

    def begin(self, protocol: str, signatures: dict[str, str], **orders: Any) -> None:
        """Waits for the runner, gives it its orders, and waits until the model is loaded.

        Args:
            protocol: as the runner knows it.
            signatures: methods that `Model` must have, and how they are called.
            **orders: what this protocol wants to say beside.
        """
        self._signatures = " and ".join(signatures.values())
        self.expect(Kind.HELLO, HELLO_BYTES)
        self.started = time.monotonic()
        self.send(
            Kind.CONFIGURE,
            json.dumps(
                {
                    "job": "model",
                    "protocol": protocol,
                    "methods": list(signatures),
                    "folder": self._session.path("submission"),
                    "entry": self.stage.artifact.entry,
                    "kind": self.stage.artifact.kind,
                    "texts": any(i.dtype == "text" for i in self.stage.spec.input.values()),
                    "outputs": {},
                    "seed": MODEL_SEED,
                    **orders,
                }
            ).encode(),
        )
        self.expect(Kind.READY, READY_BYTES)

    def send(self, kind: Kind, payload: bytes = b"") -> None:
        """Sends a frame."""
        self._session.send(kind, payload)

    def answer(self, wanted_bytes: int) -> list[RawArray]:
        """Waits for arrays, of about so many bytes."""
        frame = self.expect(Kind.ANSWER, ANSWER_FACTOR * wanted_bytes + ANSWER_SPARE_BYTES)
        try:
            return unpack_raw(frame.payload)
        except ArraysError as error:
            raise self.nonsense() from error

    def expect(self, kind: Kind, limit: int) -> Frame:
        """Waits for a frame of a kind.

        Raises:
            SubmissionError: a failure came, or anything else.
        """
        frame = self._session.receive(max(limit, FAILURE_BYTES))
        if frame.kind is Kind.FAILURE and self.handshake:
            raise failure_fault(
                failure_parse(frame.payload),
                stage=self.stage.stage,
                limits=self.stage.spec.limits,
                artifact=self.stage.folder,
                entry=self.stage.artifact.entry,
                signatures=self._signatures,
            )
        if frame.kind is not kind or len(frame.payload) > limit:
            raise self.nonsense()
        return frame

    def nonsense(self) -> SubmissionError:
        """The error for what is no answer at all."""
        return SubmissionError("bad_protocol", stage=self.stage.stage)


def stage_run(
    stage: ModelStage, sandbox: Sandbox, hold: Callable[[Conversation], Answer]
) -> StageResult[Answer]:
    """Runs one stage in a sandbox of its own, which is dead when this returns.

    Args:
        stage: what to run.
        sandbox: where.
        hold: holds a protocol's conversation and returns its answer.

    Raises:
        InfrastructureError: the sandbox failed, not the submission.
    """
    spec = SandboxSpec(
        program=RUNNER,
        limits=stage.spec.limits,
        folders={"submission": stage.folder},
        on_log=stage.on_log,
        cancelled=stage.cancelled,
        device=stage.device,
    )
    answer: Answer | None = None
    error: SubmissionError | None = None
    opened = time.monotonic()
    with sandbox.open(spec) as session:
        conversation = Conversation(stage, session)
        try:
            answer = hold(conversation)
        except SessionStopped:
            pass  # `close` below tells why
        except SubmissionError as raised:
            error = raised
        outcome = session.close()
    silent = answer is None and error is None
    if silent or not conversation.handshake or outcome.ending is not Ending.EXITED:
        # Seen from outside, a limit that was hit outweighs whatever the runner said before.
        error = session_fault(
            outcome, handshake=conversation.handshake, stage=stage.stage, limits=stage.spec.limits
        )
        answer = None
    started = conversation.started
    return StageResult(
        answer, error, outcome, start_seconds=None if started is None else started - opened
    )
