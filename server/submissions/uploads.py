"""Receives an upload: streamed to a file on the storage's disk, and stopped at its limit."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import SkipFile, StopUpload, TemporaryFileUploadHandler
from django.http import HttpRequest

from server.refusals import Refusal
from server.submissions.refusals import UploadTooLarge
from server.submissions.storage import storage_refusal

FIELD = "file"
MB = 1024 * 1024
# What is sent beyond the limit is read and thrown away up to here: a client that is cut off in
# the middle of sending sees a broken connection instead of our answer.
DRAINED_BYTES = 64 * MB
# Boundaries, headers and the other fields of a multipart request.
OVERHEAD_BYTES = MB
ABANDONED_SECONDS = 24 * 3600.0


class ArtifactUploadHandler(TemporaryFileUploadHandler):
    """Keeps the one file of a submission, as long as it is within the limit.

    Attributes:
        limit_mb: the limit.
        refused: why there is no file, if that is the file's or the disk's doing.
    """

    def __init__(self, request: HttpRequest, *, limit_mb: int) -> None:
        super().__init__(request)
        self.limit_mb = limit_mb
        self.refused: Refusal | None = None
        self._received = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begins a file; one in another field is not read."""
        if args[0] != FIELD:
            raise SkipFile
        with self._disk():
            # Here, as only web processes make these files, on whichever machine they run.
            uploads_sweep()
            super().new_file(*args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Takes the next part of the file."""
        self._received += len(raw_data)
        if self._received > self.limit_mb * MB:
            self.refused = self.refused or self.refusal()
        if self._received > self.limit_mb * MB + DRAINED_BYTES:
            raise StopUpload(connection_reset=True)
        if self.refused is None:
            with self._disk():
                super().receive_data_chunk(raw_data, start)

    def file_complete(self, file_size: int) -> "UploadedFile[bytes] | None":
        """Ends the file."""
        completed = None
        if self.refused is None:
            with self._disk():
                completed = super().file_complete(file_size)
                self.file.flush()
        if self.refused is not None and hasattr(self, "file"):
            with suppress(OSError):  # what it still would have to write
                self.file.close()
            return None
        return completed

    def check_announced(self, content_length: str | None) -> None:
        """Refuses a request that announces far too much, without reading it.

        Raises:
            UploadTooLarge: it does.
        """
        most = self.limit_mb * MB + OVERHEAD_BYTES + DRAINED_BYTES
        if content_length and content_length.isdecimal() and int(content_length) > most:
            raise self.refusal()

    @contextmanager
    def _disk(self) -> Iterator[None]:
        """Makes a fault of the disk a refusal, told when all that is sent has been read."""
        try:
            yield
        except OSError as error:
            self.refused = storage_refusal(error)

    def refusal(self) -> UploadTooLarge:
        """What is said of an upload beyond the limit."""
        return UploadTooLarge(
            f"The upload has more than {self.limit_mb} MB, the limit of this task. Leave out "
            "training data, checkpoints and optimizer state, or save smaller weights."
        )


def upload_limits(request: HttpRequest, *, limit_mb: int) -> ArtifactUploadHandler:
    """Makes a request's file go through a handler of ours; before anything reads the request."""
    handler = ArtifactUploadHandler(request, limit_mb=limit_mb)
    request.upload_handlers = [handler]
    return handler


def uploads_sweep(*, older_than_seconds: float = ABANDONED_SECONDS) -> int:
    """Removes temporary files of uploads that nobody receives any more; returns how many."""
    removed = 0
    for path in Path(settings.FILE_UPLOAD_TEMP_DIR).iterdir():
        try:
            if time.time() - path.stat().st_mtime > older_than_seconds:
                path.unlink()
                removed += 1
        except FileNotFoundError:
            continue  # it has just been kept
    return removed
