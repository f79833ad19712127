"""Sends a submission, however often the connection breaks, once."""

import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from springboard.connection import Connection
from springboard.errors import Refused, Unreachable, UsageError
from springboard.packing import upload_file
from springboard.results import CompetitionDetail, Submission, result_read

OnBytes = Callable[[int, int], None]


def submission_send(
    connection: Connection,
    competition: CompetitionDetail,
    path: Path,
    *,
    message: str,
    on_bytes: OnBytes,
) -> Submission:
    """Uploads a zip, a folder or a model file.

    Args:
        connection: to the server.
        competition: what it is submitted to.
        path: what is submitted.
        message: a note to tell your submissions apart.
        on_bytes: is told how much was sent, and of how much.

    Raises:
        SpringboardError: it was refused or could not be sent.
    """
    # One key for all attempts: the server takes the first that arrives and knows the others.
    key = uuid.uuid4().hex
    with upload_file(path) as file:
        _check_size(file, competition.limits.artifact_mb)

        @contextmanager
        def request() -> Iterator[dict[str, Any]]:
            try:
                opened = file.open("rb")
            except OSError as error:
                raise UsageError(f"{path} can't be read: {error}") from error
            with opened:
                counted = _Counted(opened, on_bytes)
                yield {
                    "files": {"file": (file.name, counted)},
                    "data": {"message": message},
                    "headers": {"Idempotency-Key": key},
                }

        try:
            answer = connection.send_made(
                "POST", f"competitions/{competition.slug}/submissions", request
            )
        except Unreachable as error:
            raise Unreachable(
                f"{error} It may have arrived all the same: look with `springboard submissions` "
                "before you send it again.",
                code=error.code,
                status=error.status,
            ) from error
    return result_read(Submission, connection.server, answer.json())


class _Counted:
    """A file that tells how much of it was read; what httpx asks of a file, and no more."""

    def __init__(self, file: IO[bytes], on_bytes: OnBytes) -> None:
        self._file = file
        self._on_bytes = on_bytes
        self._total = os.fstat(file.fileno()).st_size

    def fileno(self) -> int:
        return self._file.fileno()

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def read(self, size: int = -1) -> bytes:
        chunk = self._file.read(size)
        self._on_bytes(self._file.tell(), self._total)
        return chunk


def _check_size(file: Path, limit_mb: int) -> None:
    size = file.stat().st_size
    if size == 0:
        raise UsageError(f"{file.name} is empty")
    if size > limit_mb << 20:
        raise Refused(
            f"{file.name} has {size / (1 << 20):.1f} MB; this task accepts at most {limit_mb} MB. "
            "Leave out training data, checkpoints and optimizer state, or save smaller weights.",
            code="too_large",
        )
