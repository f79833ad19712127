"""A bucket of an S3-compatible server, whose failures are OSErrors, as those of files are."""

import errno
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from storages.backends.s3 import S3Storage

from server.storage.stored_files import StoredFile

PART_BYTES = 8 * 1024 * 1024
CONNECT_SECONDS = 5
READ_SECONDS = 30
ATTEMPTS = 3
_FULL = {"XMinioStorageFull", "QuotaExceeded", "InsufficientCapacity"}
_INSUFFICIENT_STORAGE = 507


class Bucket(S3Storage):  # type: ignore[misc]  # the library has no types
    """Keeps private objects. Nobody is sent to the server itself: all passes through us.

    Whatever its size, of a file only PART_BYTES are in memory; what is read lies in a temporary
    file without a name meanwhile.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(
            default_acl=None,
            file_overwrite=False,
            max_memory_size=64 * 1024,
            transfer_config=TransferConfig(
                multipart_threshold=PART_BYTES, multipart_chunksize=PART_BYTES, use_threads=False
            ),
            client_config=_client(options.get("addressing_style", "auto")),
            **options,
        )
        # A connection that parent and child both spoke over would mix up their answers.
        os.register_at_fork(after_in_child=self._connections_forget)

    def url(self, *args: Any, **options: Any) -> str:
        """Gives out no address: who may read a file is decided here, each time.

        Raises:
            NotImplementedError: always.
        """
        raise NotImplementedError("files of the bucket are sent by the server itself")

    def delete(self, name: str) -> None:
        """Removes a file; none is fine."""
        with _failures(name):
            super().delete(name)

    def exists(self, name: str) -> bool:
        """Whether there is a file."""
        with _failures(name):
            return bool(super().exists(name))

    def size(self, name: str) -> int:
        """The bytes of a file."""
        with _failures(name):
            return int(super().size(name))

    def get_modified_time(self, name: str) -> Any:
        """When a file was written, by the server's clock."""
        with _failures(name):
            return super().get_modified_time(name)

    def stored_files(self, prefix: str) -> Iterator[StoredFile]:
        """Lists the files under a folder, few at a time, in no order that one may count on."""
        with _failures(prefix):
            for found in self.bucket.objects.filter(Prefix=f"{prefix.strip('/')}/"):
                yield StoredFile(found.key, found.size, found.last_modified)

    def unfinished_delete(self, prefix: str, before: datetime) -> int:
        """Removes parts of files under a folder whose sending was cut off; returns of how many."""
        client, removed = self.connection.meta.client, 0
        with _failures("unfinished uploads"):
            pages = client.get_paginator("list_multipart_uploads")
            for page in pages.paginate(Bucket=self.bucket_name, Prefix=f"{prefix.strip('/')}/"):
                for found in page.get("Uploads", ()):
                    if found["Initiated"] < before:
                        client.abort_multipart_upload(
                            Bucket=self.bucket_name, Key=found["Key"], UploadId=found["UploadId"]
                        )
                        removed += 1
        return removed

    def _connections_forget(self) -> None:
        self._bucket = None
        self._connections = threading.local()

    def _open(self, name: str, mode: str = "rb") -> "File[bytes]":
        with _failures(name):
            opened: File[bytes] = super()._open(name, mode)
            # Fetched now: later its failure would be nobody's.
            opened.seek(0)
            return opened

    def _save(self, name: str, content: "File[Any]") -> str:
        with _failures(name):
            return str(super()._save(name, content))


def _client(addressing: str) -> Config:
    return Config(
        signature_version="s3v4",
        s3={"addressing_style": addressing},
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
        # Not all servers know the checksums that Amazon's has of late.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )


@contextmanager
def _failures(name: str) -> Iterator[None]:
    """Raises as OSError what the library raises: whoever keeps a file need not know where."""
    try:
        yield
    except (ClientError, BotoCoreError, Boto3Error) as error:
        raise _os_error(name, error) from error


def _os_error(name: str, error: Exception) -> OSError:
    # An upload's failure hides the server's answer in its cause.
    answer = error if isinstance(error, ClientError) else error.__cause__ or error.__context__
    if not isinstance(answer, ClientError):
        return OSError(errno.EIO, f"the storage fails: {error}", name)
    said = answer.response.get("Error", {})
    status = answer.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
    if said.get("Code") in _FULL or status == _INSUFFICIENT_STORAGE:
        return OSError(errno.ENOSPC, "the storage is full", name)
    if said.get("Code") in {"NoSuchKey", "404"}:
        return FileNotFoundError(errno.ENOENT, "the storage has no such file", name)
    return OSError(errno.EIO, f"the storage refuses: {answer}", name)
