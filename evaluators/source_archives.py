"""Reads members of wheels and of source packages. Nothing is unpacked to the disk.

A digest proves an archive before it is opened; what is limited here is what an author may have
overlooked, and what a digest of a hostile archive would let through.
"""

import gzip
import io
import tarfile
import zipfile
import zlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from evaluators.errors import TaskError

MEMBERS_BYTES = 1 << 30  # of all that is taken out of an archive
TAR_BYTES = 1 << 28  # of a whole tar, unpacked
TAR_MEMBERS = 100_000
PIECE_BYTES = 1 << 20


class Wheel:
    """A zip archive.

    Args:
        path: of the file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def names(self) -> list[str]:
        """Names of all members; folders end with a slash.

        Raises:
            TaskError: it is not such an archive.
        """
        with _faults(), zipfile.ZipFile(self._path) as archive:
            return archive.namelist()

    def contents(self, names: Collection[str]) -> dict[str, bytes]:
        """What these members hold, by name.

        Raises:
            TaskError: one is not there, is damaged, or is too large.
        """
        contents: dict[str, bytes] = {}
        left = MEMBERS_BYTES
        with _faults(), zipfile.ZipFile(self._path) as archive:
            for name in names:
                if name not in archive.NameToInfo:
                    raise TaskError(f"there is no member {name}")
                with archive.open(name) as file:
                    contents[name] = _capped(name, file, left)
                left -= len(contents[name])
        return contents


class SourcePackage:
    """A tar archive, compressed with gzip.

    Args:
        file: its path, or its content.
    """

    def __init__(self, file: Path | bytes) -> None:
        self._file = file

    def names(self) -> list[str]:
        """Names of all plain files.

        Raises:
            TaskError: it is not such an archive, or too large.
        """
        with self._members() as members:
            return [member.name for member, _ in members if member.isreg()]

    def contents(self, names: Collection[str]) -> dict[str, bytes]:
        """What these members hold, by name.

        Raises:
            TaskError: one is not there, is there twice, is a link or anything else but a plain
                file, or the archive is damaged or too large.
        """
        contents: dict[str, bytes] = {}
        wanted = set(names)
        with self._members() as members:
            for member, archive in members:
                if member.name not in wanted:
                    continue
                if member.name in contents:
                    raise TaskError(f"the member {member.name} is there twice")
                opened = archive.extractfile(member) if _is_plain(member) else None
                if opened is None:
                    raise TaskError(f"the member {member.name} is not a plain file")
                with opened:
                    contents[member.name] = opened.read()
        for name in names:
            if name not in contents:
                raise TaskError(f"there is no member {name}")
        return contents

    @contextmanager
    def _members(self) -> Iterator[Iterator[tuple[tarfile.TarInfo, tarfile.TarFile]]]:
        opened = io.BytesIO(self._file) if isinstance(self._file, bytes) else self._file.open("rb")
        # "r|" reads onwards only, so that all it ever unpacks is counted.
        with (
            _faults(),
            opened,
            _Counted(opened) as unpacked,
            tarfile.open(fileobj=unpacked, mode="r|") as archive,
        ):
            yield ((member, archive) for member in _few(archive))


class _Counted(gzip.GzipFile):
    """What a file unpacks to, which breaks off when too much of it was read."""

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__(fileobj=file)
        self._left = TAR_BYTES

    def read(self, size: int | None = -1) -> bytes:
        piece = super().read(size)
        self._left -= len(piece)
        if self._left < 0:
            raise TaskError(f"the archive is larger than {TAR_BYTES >> 20} MB unpacked")
        return piece


def member_read(archive: Wheel | SourcePackage, path: str) -> bytes:
    """Reads one member; `outer.tar.gz//inner` is a member of a tar inside the archive.

    Raises:
        TaskError: see `contents`.
    """
    outer, _, inner = path.partition("//")
    content = archive.contents([outer])[outer]
    return SourcePackage(content).contents([inner])[inner] if inner else content


@contextmanager
def _faults() -> Iterator[None]:
    """Whatever a library says of a damaged archive is its author's fault."""
    try:
        yield
    except (
        OSError, EOFError, ValueError, NotImplementedError, RuntimeError,
        zlib.error, zipfile.BadZipFile, tarfile.TarError,
    ) as error:  # fmt: skip
        raise TaskError(f"the archive can't be read: {error}") from error


def _few(archive: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    for _ in range(TAR_MEMBERS):
        member = archive.next()
        if member is None:
            return
        yield member
    raise TaskError(f"the archive has more than {TAR_MEMBERS} members")


def _is_plain(member: tarfile.TarInfo) -> bool:
    return member.isreg() and not member.issparse()


def _capped(name: str, file: IO[bytes], most: int) -> bytes:
    """Reads a member whose stated size may be a lie."""
    content = bytearray()
    while piece := file.read(PIECE_BYTES):
        content += piece
        if len(content) > most:
            raise TaskError(f"{name} makes more than {MEMBERS_BYTES >> 20} MB")
    return bytes(content)
