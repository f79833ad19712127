"""Whose fault it is that a session or a model failed, and what the participant is told.

Decided by evidence from outside the sandbox. What the runner reports is only used for words, and
of the judged stage only words that can carry nothing: the nearest built-in exception class, and a
line number that exists in the uploaded file.
"""

import builtins
import json
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from evaluators.errors import InfrastructureError, SubmissionError
from evaluators.report import Stage
from evaluators.sandbox.base import Ending, Outcome
from evaluators.spec import Limits

FAILURE_BYTES = 65_536
STEPS = {
    "import": "model_import_failed",
    "class": "model_class_missing",
    "load": "model_load_failed",
    "file": "model_file_load_failed",
    "predict": "predict_failed",
    "start": "predict_failed",
    "step": "predict_failed",
    "sample": "predict_failed",
}
BUILT_IN = {
    name
    for name, value in vars(builtins).items()
    if isinstance(value, type) and issubclass(value, BaseException)
}
# A million lines, in one file or in many, would make a line's number a channel of twenty bits.
MOST_LINES = 5_000


@dataclass(frozen=True, slots=True)
class Failure:
    """What the runner says of a failure: all of it may be made up."""

    step: str
    types: tuple[str, ...]
    message: str
    file: str | None
    line: int | None
    memory: bool
    note: str


def failure_parse(payload: bytes | bytearray) -> Failure | None:
    """Reads a FAILURE frame; None when it is not well-formed."""
    try:
        report: Any = json.loads(bytes(payload))
        types = report["types"]
        file, line = report["file"], report["line"]
        if not isinstance(types, list) or not all(isinstance(name, str) for name in types):
            return None
        return Failure(
            step=str(report["step"]),
            types=tuple(types[:32]),
            message=str(report["message"]),
            file=file if isinstance(file, str) else None,
            line=line if type(line) is int else None,
            memory=report["memory"] is True,
            note=str(report["note"]),
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def session_fault(
    outcome: Outcome, *, handshake: bool, stage: Stage, limits: Limits
) -> SubmissionError:
    """Says what the end of a session means for the participant.

    Args:
        outcome: how it ended.
        handshake: whether the runner had said hello.
        stage: for the wording.
        limits: for the wording.

    Raises:
        InfrastructureError: it is our fault.
    """
    if outcome.ending is Ending.CANCELLED:
        return SubmissionError("cancelled")
    if not handshake:
        tail = outcome.log.text.strip()[-500:]
        raise InfrastructureError(
            f"the sandbox ended before its runner was up ({outcome.ending}, {outcome.how}): {tail}"
        )
    if outcome.ending is Ending.TIMEOUT:
        return SubmissionError("out_of_time", seconds=limits.wall_seconds, stage=stage)
    if outcome.ending is Ending.OUT_OF_MEMORY:
        return SubmissionError("out_of_memory", limit_mb=limits.memory_mb, stage=stage)
    if outcome.ending is Ending.OUTPUT_LIMIT:
        return SubmissionError("too_much_output", limit_mb=limits.output_mb, stage=stage)
    if outcome.ending is Ending.BAD_FRAME:
        return SubmissionError("bad_protocol", stage=stage)
    if stage is Stage.JUDGED:
        return SubmissionError("judged_exited")
    return SubmissionError("exited", how=outcome.how, stage=stage)


def failure_fault(
    failure: Failure | None,
    *,
    stage: Stage,
    limits: Limits,
    artifact: Path,
    entry: str,
    signatures: str,
) -> SubmissionError:
    """Says what a failure that the runner reported means for the participant.

    Args:
        failure: what it reported; None for nonsense.
        stage: decides how much of it is told.
        limits: for the wording.
        artifact: folder of the participant's files.
        entry: the file that was loaded.
        signatures: the methods that the protocol wants, for the help text.
    """
    if failure is None or failure.step not in STEPS:
        return SubmissionError("bad_protocol", stage=stage)
    if failure.memory:
        return SubmissionError("out_of_memory", limit_mb=limits.memory_mb, stage=stage)
    open_words = stage is Stage.PRACTICE
    error = _in_full(failure) if open_words else _redacted(failure, artifact)
    if failure.step == "file":
        note = failure.note if open_words else ""
        return SubmissionError("model_file_load_failed", name=entry, error=error, versions=note)
    if failure.step == "class":
        return SubmissionError("model_class_missing", reason=error, signatures=signatures)
    return SubmissionError(STEPS[failure.step], error=error, stage=stage, method=failure.step)


def _in_full(failure: Failure) -> str:
    name = failure.types[0] if failure.types else "an exception"
    where = f" ({failure.file}, line {failure.line})" if failure.file and failure.line else ""
    return f"{name}: {failure.message.rstrip('.')}{where}" if failure.message else f"{name}{where}"


def _redacted(failure: Failure, artifact: Path) -> str:
    name = next((name for name in failure.types if name in BUILT_IN), "Exception")
    if failure.file is None or failure.line is None or not _exists(artifact, failure):
        return name
    return f"{name} ({failure.file}, line {failure.line})"


def _exists(artifact: Path, failure: Failure) -> bool:
    """Whether the line exists, in an artifact without very many.

    Its file is found by listing, not by path.
    """
    left, found = MOST_LINES, False
    for path in artifact.rglob("*.py"):
        with path.open("rb") as file:
            lines = sum(1 for _ in islice(file, left + 1))
        left -= lines
        if left < 0:
            return False
        if path.relative_to(artifact).as_posix() == failure.file:
            found = 1 <= (failure.line or 0) <= lines
    return found
