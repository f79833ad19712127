"""What becomes of files in a form that asks for none."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile


class NoFiles(FileUploadHandler):
    """Reads files past and keeps nothing: else anybody could fill the disk through any form."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begins a file, which is not read."""
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Takes nothing."""
        return None

    def file_complete(self, file_size: int) -> "UploadedFile[bytes] | None":
        """Has nothing."""
        return None
