"""Turning an upload into an artifact: validated, normalised, content-addressed."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from evaluators.archive import archive_members
from evaluators.errors import InfrastructureError, SubmissionError
from evaluators.folder import file_member, folder_members
from evaluators.model_files import KINDS, Kind, entry_find, suffix_of
from evaluators.tree import Member, tree_normalise, tree_write

MEGABYTE = 1024 * 1024
EXPANSION = 20
# Below this an archive may expand as it likes: small texts shrink a hundredfold.
EXPANSION_FLOOR = MEGABYTE
_ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")


@dataclass(frozen=True, slots=True)
class Artifact:
    """An upload's validated files, in a folder of their own.

    Attributes:
        digest: sha256 over the sorted names and the digests of the contents: the same for a
            folder and for any zip of it, whatever their order, times and permissions.
        size: bytes of all files, unpacked.
        files: how many there are.
        entry: "model.py", or the path of the one model file.
        kind: how the entry is loaded.
    """

    digest: str
    size: int
    files: int
    entry: str
    kind: Kind


def artifact_unpack(upload: Path, into: Path, *, filename: str, limit_mb: int) -> Artifact:
    """Validates an upload and writes its normalised tree.

    Junk of operating systems is dropped, and so is a folder that holds all the rest. Names come
    out in Unicode's NFC form; empty folders don't come out at all.

    Args:
        upload: a zip, a folder or one model file.
        into: an empty or missing folder; left as it was when the upload is refused.
        filename: what the participant calls the upload; its suffix decides what it is, as some
            model files are zips themselves.
        limit_mb: the most that the upload, and that its files, may have.

    Raises:
        SubmissionError: the upload is refused; the message says why.
        InfrastructureError: it can't be read, or the tree can't be written.
    """
    try:
        with _clean_folder(into), _members(upload, filename, limit_mb) as found:
            members = tree_normalise(found)
            if not members:
                raise SubmissionError("empty_upload")
            budget = _Budget(upload, limit_mb, archive=_is_archive(upload, filename))
            budget.check(sum(member.size for member in members))
            entry, kind = entry_find([member.name for member in members])
            digest, size = tree_write(members, into, budget.spend)
    except OSError as error:
        raise InfrastructureError(f"the upload can't be unpacked: {error}") from error
    return Artifact(digest, size, len(members), entry, kind)


class _Budget:
    """How many bytes may be written, whatever the headers say."""

    def __init__(self, upload: Path, limit_mb: int, *, archive: bool) -> None:
        self._limit_mb = limit_mb
        self._expanded = max(EXPANSION_FLOOR, EXPANSION * upload.stat().st_size)
        self._archive = archive
        self._spent = 0

    def spend(self, size: int) -> None:
        self._spent += size
        self.check(self._spent)

    def check(self, total: int) -> None:
        if total > self._limit_mb * MEGABYTE:
            raise SubmissionError("unpacks_too_large", limit_mb=self._limit_mb)
        if self._archive and total > self._expanded:
            raise SubmissionError("expands_too_much", ratio=EXPANSION)


@contextmanager
def _members(upload: Path, filename: str, limit_mb: int) -> Iterator[list[Member]]:
    """Lists an upload's files, which can be read while the context lasts."""
    if upload.is_dir():
        yield folder_members(upload)
        return
    size = upload.stat().st_size
    if size == 0:
        raise SubmissionError("empty_upload")
    if size > limit_mb * MEGABYTE:
        megabytes = f"{size / MEGABYTE:.1f}"
        raise SubmissionError("upload_too_large", megabytes=megabytes, limit_mb=limit_mb)
    if _is_archive(upload, filename):
        with upload.open("rb") as file:
            yield archive_members(file, upload)
    else:
        # Of a name with folders, browsers mean the last part.
        yield [file_member(upload, filename.replace("\\", "/").rsplit("/", 1)[-1])]


def _is_archive(upload: Path, filename: str) -> bool:
    suffix = suffix_of(filename)
    if upload.is_dir() or suffix in KINDS or suffix == ".py":
        return False
    if suffix == ".zip":
        return True
    with upload.open("rb") as file:
        return file.read(4) in _ZIP_MAGIC


@contextmanager
def _clean_folder(into: Path) -> Iterator[None]:
    """Provides an empty folder, and takes away what was put there if anything fails."""
    existed = into.exists()
    if not existed:
        into.mkdir(parents=True)
        into.chmod(0o755)
    if any(into.iterdir()):
        raise InfrastructureError(f"{into} is not empty; an artifact needs a folder of its own")
    try:
        yield
    except BaseException:
        shutil.rmtree(into)
        if existed:
            into.mkdir()
        raise
