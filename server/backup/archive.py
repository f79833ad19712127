"""A backup as a file: a tar of plain files, each with its digest in a list at the end."""

import hashlib
import os
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

from evaluators.errors import InfrastructureError
from server.backup.facts import FACTS_BYTES, Facts, facts_parse, missing_parse
from server.backup.members import DATABASE, FACTS, MISSING, SUMS, member_check

CHUNK_BYTES = 1 << 20
MISSING_BYTES = 64 << 20


class Readable(Protocol):
    """What bytes can be read from."""

    def read(self, size: int = -1, /) -> bytes:
        """Reads the next bytes."""


@dataclass(frozen=True, slots=True)
class Checked:
    """An archive that is whole.

    Attributes:
        facts: what it says of itself.
        missing: what should be in it and is not.
        files: members, without the database's.
        size: bytes of all members.
        digest: of the list of digests, and so of everything.
    """

    facts: Facts
    missing: tuple[str, ...]
    files: int
    size: int
    digest: str


class ArchiveWriter:
    """Writes an archive to anything that takes bytes; a pipe, too.

    Args:
        out: where to.
        made_at: seconds since 1970, the time of its members.
    """

    def __init__(self, out: IO[bytes], *, made_at: float) -> None:
        self._tar = tarfile.TarFile(
            fileobj=_Pipe(out),  # type: ignore[arg-type]  # it is only written to
            mode="w",
            format=tarfile.PAX_FORMAT,
        )
        self._sums = tempfile.TemporaryFile()  # noqa: SIM115
        self._made_at = made_at
        self.size = 0

    def add(self, name: str, content: Readable, size: int) -> str:
        """Adds a member, and returns its digest.

        Raises:
            InfrastructureError: its name can't stand in a backup, or it is shorter than `size`.
        """
        info = tarfile.TarInfo(member_check(name))
        info.size, info.mode, info.mtime = size, 0o600, self._made_at
        hashed = _Hashing(content)
        try:
            self._tar.addfile(info, hashed)
        except OSError as error:
            # The library's own complaint has no number; a full disk's or a closed pipe's has.
            if error.errno is not None:
                raise
            raise InfrastructureError(f"{name} became shorter while it was read") from error
        # Else all members of a large archive would be held in memory.
        self._tar.members.clear()  # type: ignore[attr-defined]
        self.size += size
        if name != SUMS:
            self._sums.write(_sum_line(hashed.hexdigest(), name))
        return hashed.hexdigest()

    def close(self) -> None:
        """Ends the archive with the list that proves it complete."""
        size = self._sums.tell()
        self._sums.seek(0)
        self.add(SUMS, self._sums, size)
        self._tar.close()
        self._sums.close()


def archive_check(path: Path) -> Checked:
    """Reads an archive to its end, and compares every member with its digest.

    Raises:
        InfrastructureError: it is damaged, not complete, or no backup at all.
    """
    facts: Facts | None = None
    missing: tuple[str, ...] = ()
    listed: tuple[str, str] | None = None
    sums, files, size = hashlib.sha256(), 0, 0
    for info, content in archive_members(path):
        if listed is not None:
            raise damaged(path, f"{info.name} comes after its end")
        if (facts is None) != (info.name == FACTS):
            raise damaged(path, f"{FACTS} must be the first of its files, and is not")
        hashed = _Hashing(content)
        if info.name == FACTS:
            facts = facts_parse(_small(hashed, FACTS_BYTES))
        elif info.name == MISSING:
            missing = missing_parse(_small(hashed, MISSING_BYTES))
        hashed.drain()
        if info.name == SUMS:
            listed = hashed.hexdigest(), sums.hexdigest()
            continue
        size += info.size
        files += not info.name.startswith(f"{DATABASE}/") and info.name not in (FACTS, MISSING)
        sums.update(_sum_line(hashed.hexdigest(), info.name))
    if facts is None or listed is None:
        raise damaged(path, "its end is missing, so it was not written to its end")
    if listed[0] != listed[1]:
        raise damaged(path, f"{_first_wrong(path)} is not as it was when the backup was made")
    return Checked(facts, missing, files, size, listed[0])


def archive_members(path: Path) -> Iterator[tuple[tarfile.TarInfo, IO[bytes]]]:
    """Yields an archive's members in their order; each can be read until the next is asked for.

    Raises:
        InfrastructureError: it can't be read, or has a member that no backup has.
    """
    try:
        with path.open("rb") as file, tarfile.open(fileobj=file, mode="r:") as tar:
            while (info := tar.next()) is not None:
                tar.members.clear()  # type: ignore[attr-defined]
                content = tar.extractfile(info) if info.isreg() else None
                if content is None or info.issparse():
                    raise damaged(path, f"{info.name[:200]!r} is no plain file")
                member_check(info.name)
                yield info, content
    except (tarfile.TarError, EOFError, ValueError) as error:
        raise damaged(path, str(error) or type(error).__name__) from error
    except OSError as error:
        raise InfrastructureError(f"{path} can't be read: {error}") from error


def damaged(path: Path, how: str) -> InfrastructureError:
    """What is said of an archive that can't be trusted."""
    return InfrastructureError(
        f"{path} is no whole backup: {how}. Nothing was restored; take another copy of it, or an "
        "earlier backup."
    )


@contextmanager
def file_made_whole(path: Path) -> Iterator[IO[bytes]]:
    """Writes a file that nobody else can read, and that has its name only once it is whole.

    Raises:
        InfrastructureError: there is such a file already, or it can't be written.
    """
    if path.exists():
        raise InfrastructureError(f"{path} exists already; name a file that does not")
    try:
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mode 0600
    except OSError as error:
        raise InfrastructureError(f"{path} can't be written: {error}") from error
    draft = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        # A link and not a rename: what has come to lie there meanwhile is not written over.
        path.hardlink_to(draft)
    except FileExistsError as error:
        raise InfrastructureError(f"{path} was made by somebody else meanwhile") from error
    finally:
        draft.unlink()


class _Pipe:
    """What a tar is written to, whether or not it knows where it is."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out
        self._written = 0

    def write(self, chunk: bytes) -> int:
        self._written += len(chunk)
        return self._out.write(chunk)

    def tell(self) -> int:
        return self._written


class _Hashing:
    """Passes bytes on and takes their digest."""

    def __init__(self, content: Readable) -> None:
        self._content = content
        self._digest = hashlib.sha256()
        self.size = 0

    def read(self, size: int = -1, /) -> bytes:
        chunk = self._content.read(size)
        self._digest.update(chunk)
        self.size += len(chunk)
        return chunk

    def drain(self) -> None:
        while self.read(CHUNK_BYTES):
            pass

    def hexdigest(self) -> str:
        return self._digest.hexdigest()


def _sum_line(digest: str, name: str) -> bytes:
    return f"{digest}  {name}\n".encode()


def _small(content: Readable, limit: int) -> bytes:
    text = content.read(limit + 1)
    if len(text) > limit:
        raise InfrastructureError(f"it describes itself in more than {limit >> 20} MB")
    return text


def _first_wrong(path: Path) -> str:
    """Finds the first member that is not as the list says."""
    with tempfile.TemporaryFile() as listed:
        for info, content in archive_members(path):
            if info.name == SUMS:
                while chunk := content.read(CHUNK_BYTES):
                    listed.write(chunk)
        listed.seek(0)
        for info, content in archive_members(path):
            hashed = _Hashing(content)
            hashed.drain()
            if listed.readline() != _sum_line(hashed.hexdigest(), info.name):
                return info.name
    return SUMS
