"""Builds the zip files that students download: once, and the same bytes for the same files."""

import hashlib
import os
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

# Made by tools or by the student's own runs: nothing that a download should hold.
LEFT_OUT = {"__pycache__", "data", "submissions", "node_modules"}
_EPOCH = (1980, 1, 1, 0, 0, 0)
_MODE = 0o100644 << 16


@dataclass(frozen=True, slots=True)
class Member:
    """A file of an archive.

    Attributes:
        name: its name in the archive.
        path: where its content lies.
    """

    name: str
    path: Path


def members_of(folder: Path, *, prefix: str) -> Iterator[Member]:
    """Lists a folder's plain files, without hidden ones and what LEFT_OUT names."""
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        skipped = any(part in LEFT_OUT or part.startswith(".") for part in relative.parts)
        if not skipped and path.is_file() and not path.is_symlink():
            yield Member(f"{prefix}/{relative.as_posix()}", path)


def archive_path(kind: str, key: str) -> Path:
    """Where an archive lies that was built for a key."""
    return Path(settings.STORAGE_DIR) / "archives" / f"{kind}-{key}.zip"


def archive_build(path: Path, members: Sequence[Member]) -> None:
    """Writes an archive; whoever looks for it sees it whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
    draft = Path(name)
    try:
        with (
            os.fdopen(descriptor, "wb") as file,
            zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive,
        ):
            for member in members:
                info = zipfile.ZipInfo(member.name, date_time=_EPOCH)
                info.external_attr = _MODE
                info.compress_type = zipfile.ZIP_DEFLATED
                with member.path.open("rb") as source, archive.open(info, "w") as sink:
                    while chunk := source.read(1 << 20):
                        sink.write(chunk)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def members_digest(members: Sequence[Member]) -> str:
    """Digest of the names and contents of files."""
    digest = hashlib.sha256()
    for member in members:
        content = hashlib.sha256(member.path.read_bytes()).hexdigest()
        digest.update(f"{member.name} {content}\n".encode())
    return digest.hexdigest()
