"""A task's own `scorer.py`, run in a sandbox that holds targets and predictions and nothing else.

No code of a student is in it, and no network. Whatever goes wrong in it is the task's fault.
"""

import json
import threading

import numpy as np
from numpy.typing import NDArray

from evaluators.blame import FAILURE_BYTES
from evaluators.errors import InfrastructureError, SubmissionError, TaskError
from evaluators.items import Items
from evaluators.metrics import Stats
from evaluators.runner import RUNNER
from evaluators.runner.arrays import ArraysError, RawArray, pack_arrays, unpack_raw
from evaluators.runner.frames import Frame, Kind
from evaluators.runner.texts import encode_texts
from evaluators.sandbox.base import Ending, Sandbox, SandboxSpec, Session, SessionStopped
from evaluators.spec import Limits
from evaluators.task import Task

LIMITS = Limits(wall_seconds=300, memory_mb=4096, artifact_mb=1, scratch_mb=256)
_SPARE_BYTES = 1 << 16
_LOG_CHARACTERS = 2000


def scorer_stats(
    *,
    task: Task,
    items: Items,
    predictions: NDArray[np.generic],
    sandbox: Sandbox,
    cancelled: threading.Event | None = None,
) -> dict[str, Stats]:
    """Computes a task's own metrics.

    Args:
        task: has a `scorer.py` and says in `task.toml` what it computes.
        items: with their targets.
        predictions: checked, in the order of the items.
        sandbox: where the scorer runs.
        cancelled: ends it when set.

    Returns:
        By name of the metric, float64 [N, 2]: a number and its weight for each item. Empty where
        the task has no metrics of its own.

    Raises:
        SubmissionError: the evaluation was cancelled.
        TaskError: the scorer failed, or returned something else.
        InfrastructureError: the sandbox failed.
    """
    own = task.spec.metrics.own
    if not own:
        return {}
    spec = SandboxSpec(
        program=RUNNER, limits=LIMITS, folders={"task": task.folder}, cancelled=cancelled
    )
    try:
        with sandbox.open(spec) as session:
            _hello(session)
            answer = _ask(session, task, items, predictions)
    except SessionStopped as stopped:
        raise _stopped(task, stopped) from stopped
    arrays = {raw.name: _column(task, raw, len(items)) for raw in answer}
    if arrays.keys() != own.keys():
        raise TaskError(
            f"{task.slug}: scorer.py returned {', '.join(sorted(arrays)) or 'nothing'}, but "
            f"task.toml names {', '.join(sorted(own))}"
        )
    return arrays


def _hello(session: Session) -> None:
    """What goes wrong before the runner is up is ours, what goes wrong after it is the task's."""
    try:
        frame = session.receive(64)
    except SessionStopped as stopped:
        if stopped.outcome.ending is Ending.CANCELLED:
            raise
        raise InfrastructureError(f"the scorer's sandbox did not start: {stopped}") from stopped
    if frame.kind is not Kind.HELLO:
        raise InfrastructureError("the scorer's runner did not say hello")


def _ask(
    session: Session, task: Task, items: Items, predictions: NDArray[np.generic]
) -> list[RawArray]:
    function = str(task.spec.metrics.scorer).partition(":")[2]
    orders = {"job": "score", "task": session.path("task"), "function": function}
    session.send(Kind.CONFIGURE, json.dumps(orders).encode())
    _expect(session, task, Kind.READY, FAILURE_BYTES)
    arrays = encode_texts({"target": items.target, "predictions": predictions})
    session.send(Kind.INPUTS, pack_arrays(arrays))
    limit = len(task.spec.metrics.own) * len(items) * 16 + _SPARE_BYTES
    frame = _expect(session, task, Kind.ANSWER, limit)
    try:
        return unpack_raw(frame.payload)
    except ArraysError as error:
        raise TaskError(f"{task.slug}: scorer.py sent something unreadable: {error}") from error


def _expect(session: Session, task: Task, kind: Kind, limit: int) -> Frame:
    frame = session.receive(max(limit, FAILURE_BYTES))
    if frame.kind is Kind.FAILURE:
        log = session.close().log.text.strip()
        raise TaskError(f"{task.slug}: scorer.py failed:\n{log[-_LOG_CHARACTERS:]}")
    if frame.kind is not kind:
        raise TaskError(f"{task.slug}: scorer.py sent something that is no answer")
    return frame


def _column(task: Task, raw: RawArray, items: int) -> Stats:
    """A metric's numbers, with weights of 1 unless the scorer gave others."""
    where = f"{task.slug}: scorer.py: {raw.name!r}"
    if raw.shape not in ((items,), (items, 2)) or raw.dtype not in ("float64", "float32"):
        raise TaskError(
            f"{where} is {raw.dtype[:20]} {list(raw.shape)[:4]}; it must be float64 [{items}], a "
            f"number for each item, or [{items}, 2] with weights"
        )
    if raw.data.nbytes != np.prod(raw.shape) * np.dtype(raw.dtype).itemsize:
        raise TaskError(f"{where} came with another number of bytes than its shape needs")
    values = np.frombuffer(bytes(raw.data), dtype=raw.dtype).reshape(raw.shape).astype(np.float64)
    if not np.all(np.isfinite(values)):
        raise TaskError(f"{where} holds NaN or infinite values")
    if values.ndim == 1:
        return np.stack([values, np.ones_like(values)], axis=1)
    if np.any(values[:, 1] < 0) or not values[:, 1].sum():
        raise TaskError(f"{where}: weights are at least 0, and not all of them 0")
    return values


def _stopped(task: Task, stopped: SessionStopped) -> SubmissionError | TaskError:
    outcome = stopped.outcome
    if outcome.ending is Ending.CANCELLED:
        return SubmissionError("cancelled")
    tail = outcome.log.text.strip()[-_LOG_CHARACTERS:]
    return TaskError(
        f"{task.slug}: scorer.py was stopped ({outcome.ending}, {outcome.how}): {tail}"
    )
