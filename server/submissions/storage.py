"""Keeps uploads and results in the storage, under keys that no participant chooses."""

import errno
import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile

from evaluators.errors import InfrastructureError
from server.ids import public_id
from server.plain_text import plain_text
from server.refusals import NotFound, Refusal
from server.storage.local_copies import local_copy
from server.submissions.claim import Claim
from server.submissions.refusals import StorageAway, StorageFull

FILENAME_LENGTH = 200
CHUNK_BYTES = 1024 * 1024
UPLOADS = "uploads"
RESULTS = "results"
# Small files by which it is seen whether the storage works, and what time it is there.
PROBES = "probes"
_FULL = {errno.ENOSPC, errno.EDQUOT}

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class StoredUpload:
    """An upload that lies in the storage.

    Attributes:
        key: where.
        filename: as the participant named it, made plain; never a path.
        size: bytes.
        sha256: digest of the bytes, in hexadecimal.
    """

    key: str
    filename: str
    size: int
    sha256: str


def upload_store(*, file: "UploadedFile[bytes]") -> StoredUpload:
    """Hashes an upload and moves it into the storage, where it then lasts.

    Not to be called in a transaction.

    Raises:
        StorageFull: there is no room for it; nothing of it is left.
        StorageAway: the storage fails; nothing of it is left.
    """
    digest = hashlib.sha256()
    try:
        for chunk in file.chunks(CHUNK_BYTES):
            digest.update(chunk)
        file.seek(0)
        key = default_storage.save(f"{UPLOADS}/{public_id()}", file)
    except OSError as error:
        raise storage_refusal(error) from error
    size = file.size or 0
    name = plain_text(Path(file.name or "upload").name, limit=FILENAME_LENGTH) or "upload"
    return StoredUpload(key, name, size, digest.hexdigest())


def storage_refusal(error: OSError) -> Refusal:
    """What is said to whoever sends a file that can't be kept; operators find why in the log."""
    logger.error("An upload can't be kept", exc_info=error)
    if error.errno in _FULL:
        return StorageFull(
            "The server has no room left for uploads. Nothing was kept and nothing counts against "
            "your limits. Tell your instructor, and submit again later."
        )
    return StorageAway(
        "The server can't keep uploads now. Nothing was kept and nothing counts against your "
        "limits. Submit again in a few minutes."
    )


@contextmanager
def upload_fetched(claim: Claim) -> Iterator[Path]:
    """Provides the upload of a claim as a file of this machine, while the context lasts.

    Where the storage is a folder it is the file itself, else a copy that is kept for the next
    time and whose digest was checked when it came.

    Raises:
        InfrastructureError: the storage lacks it or fails, or it is not what was uploaded.
    """
    try:
        path = Path(default_storage.path(claim.storage_key))
    except NotImplementedError:
        copy = local_copy(
            kind="upload", digest=claim.upload_sha256, make=lambda into: _fetch(claim, into)
        )
        with copy as path:
            yield path
        return
    if not path.is_file():
        raise InfrastructureError(_lost(claim))
    yield path


def upload_path(*, key: str) -> Path:
    """Returns where an upload lies, of a storage that is a folder of this machine."""
    return Path(default_storage.path(key))


def upload_open(*, key: str) -> "File[bytes]":
    """Opens an upload to read it.

    Raises:
        NotFound: the storage has it no more.
    """
    return stored_open(key=key, missing="The uploaded file is no longer in the storage.")


def stored_open(*, key: str, missing: str) -> "File[bytes]":
    """Opens a file of the storage to read it.

    Raises:
        NotFound: the storage has it no more; says so in the words of `missing`.
    """
    try:
        return default_storage.open(key, "rb")
    except FileNotFoundError as error:
        raise NotFound(missing) from error


def stored_delete(*, key: str) -> None:
    """Removes a file from the storage; none is fine. One that can't be removed now goes later."""
    if key:
        try:
            default_storage.delete(key)
        except OSError as error:
            logger.warning("%s can't be removed, and is left to the sweep: %s", key, error)


def result_store(*, key: str, content: bytes | None) -> str:
    """Keeps a result's bytes and returns their key; nothing has the empty key."""
    return "" if content is None else default_storage.save(key, ContentFile(content))


def storage_try() -> None:
    """Writes a file into the storage, reads it again and removes it.

    Raises:
        OSError: something of that fails.
    """
    written = public_id().encode()
    key = default_storage.save(f"{PROBES}/{public_id()}", ContentFile(written))
    try:
        with default_storage.open(key, "rb") as file:
            if file.read() != written:
                raise OSError(errno.EIO, "what is read is not what was written", key)
    finally:
        default_storage.delete(key)


def _fetch(claim: Claim, into: Path) -> None:
    digest = hashlib.sha256()
    try:
        with default_storage.open(claim.storage_key, "rb") as file, into.open("xb") as copy:
            for chunk in file.chunks(CHUNK_BYTES):
                digest.update(chunk)
                copy.write(chunk)
    except FileNotFoundError as error:
        raise InfrastructureError(_lost(claim)) from error
    if digest.hexdigest() != claim.upload_sha256:
        raise InfrastructureError(
            f"the upload {claim.storage_key} in the storage is not what was uploaded: its sha256 "
            f"is {digest.hexdigest()}, the database says {claim.upload_sha256}; restore it"
        )


def _lost(claim: Claim) -> str:
    return (
        f"the upload {claim.storage_key} is not in the storage, though the database knows it; "
        "restore it, and see `manage.py storage check` for others"
    )
