"""Keeps uploads and results in the storage, under keys that no participant chooses."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile

from server.ids import public_id
from server.plain_text import plain_text
from server.refusals import NotFound

FILENAME_LENGTH = 200
CHUNK_BYTES = 1024 * 1024


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
    """Hashes an upload and moves it into the storage. Not to be called in a transaction."""
    digest = hashlib.sha256()
    for chunk in file.chunks(CHUNK_BYTES):
        digest.update(chunk)
    file.seek(0)
    size = file.size or 0
    name = plain_text(Path(file.name or "upload").name, limit=FILENAME_LENGTH) or "upload"
    key = default_storage.save(f"uploads/{public_id()}", file)
    return StoredUpload(key, name, size, digest.hexdigest())


def upload_path(*, key: str) -> Path:
    """Returns where an upload lies on this machine."""
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
    """Removes a file from the storage; none is fine."""
    if key:
        default_storage.delete(key)


def result_store(*, key: str, content: bytes | None) -> str:
    """Keeps a result's bytes and returns their key; nothing has the empty key."""
    return "" if content is None else default_storage.save(key, ContentFile(content))
