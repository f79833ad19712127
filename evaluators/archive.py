"""Reading a zip that may have been made to harm.

Python's zipfile lists the members; their data is read here, as its reader trusts the sizes in
the headers. No member is held in memory, and no header decides how much is written.
"""

import errno
import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import IO

from evaluators.errors import SubmissionError
from evaluators.tree import MEMBERS, Member, Names, path_check

CHUNK = 64 * 1024
# A list of 1,000 members with the longest names fits twice; a longer one isn't even read.
LISTING_BYTES = 2 * 1024 * 1024

_LOCAL_HEADER = struct.Struct("<4s5H3I2H")
_LOCAL_SIGNATURE = b"PK\x03\x04"
_ENCRYPTED = 0x1 | 0x40 | 0x2000
_PATCH = 0x20
_UTF8 = 0x800
_METHOD_AES = 99
_METHODS = {9: "deflate64", 12: "bzip2", 14: "LZMA", 93: "Zstandard", 95: "XZ", 98: "PPMd"}
# All that zipfile raises on bytes that are no zip.
_MALFORMED = (
    zipfile.BadZipFile,
    NotImplementedError,
    struct.error,
    ValueError,
    OverflowError,
    EOFError,
    IndexError,
)
_SPECIAL = {
    stat.S_IFLNK: "a symbolic link",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
}


def special_kind(mode: int) -> str | None:
    """Names what a file mode is other than a plain file or a folder; None for those."""
    kind = stat.S_IFMT(mode)
    if kind in (0, stat.S_IFREG, stat.S_IFDIR):
        return None
    return _SPECIAL.get(kind, "a special file")


def archive_members(file: IO[bytes], path: Path) -> list[Member]:
    """Lists the files of a zip; their chunks read from `file`, which must stay open meanwhile.

    Raises:
        SubmissionError: it is damaged, hides something, or holds what is not accepted.
    """
    entries, end = _listing(path)
    if len(entries) > MEMBERS:
        raise SubmissionError("too_many_members", limit=MEMBERS)
    names = Names()
    members = []
    for entry in entries:
        parts = path_check(entry.orig_filename.removesuffix("/"))
        _check_entry(entry)
        if entry.orig_filename.endswith("/"):
            names.add(parts, folder=True)
        else:
            names.add_file(parts)
            members.append(Member(parts, entry.file_size, partial(_chunks, file, entry)))
    _check_overlap(file, entries, end)
    return members


class _ListingFile(io.FileIO):
    """A file that can't be made to read a list of members of any length into memory."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > LISTING_BYTES:
            raise SubmissionError("too_many_members", limit=MEMBERS)
        # Without a size zipfile wants the last 64 KB, where the end record is.
        return super().read(LISTING_BYTES if size is None or size < 0 else size) or b""


def _listing(path: Path) -> tuple[list[zipfile.ZipInfo], int]:
    """The members as the central directory states them, and where that begins."""
    try:
        with _ListingFile(str(path)) as file, zipfile.ZipFile(file) as archive:
            return archive.infolist(), archive.start_dir
    except _MALFORMED as error:
        raise _broken(str(error) or "it is not a zip file") from error
    except OSError as error:
        # A seek to before the beginning: the offsets in it are wrong, our disk is fine.
        if error.errno != errno.EINVAL:
            raise
        raise _broken("its offsets point outside the file") from error


def _check_entry(entry: zipfile.ZipInfo) -> None:
    """Refuses what is encrypted, special, or compressed in a way that isn't read here."""
    name = entry.orig_filename
    mode = entry.external_attr >> 16
    if kind := special_kind(mode):
        raise SubmissionError("special_file", kind=kind, name=name)
    if name.endswith("/") and entry.file_size or not name.endswith("/") and stat.S_ISDIR(mode):
        raise _broken(f"{name!r} is a file and a folder at once")
    if entry.flag_bits & _ENCRYPTED or entry.compress_type == _METHOD_AES:
        raise SubmissionError("encrypted_archive", name=name)
    plain = entry.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    if not plain or entry.flag_bits & _PATCH:
        method = _METHODS.get(entry.compress_type, f"method {entry.compress_type}")
        raise SubmissionError("unsupported_compression", method=method, name=name)


def _check_overlap(file: IO[bytes], entries: list[zipfile.ZipInfo], end: int) -> None:
    """Refuses members that share bytes: the trick by which small archives become huge."""
    last = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        start = _data_start(file, entry)
        if entry.header_offset < last or start + entry.compress_size > end:
            raise _broken("members overlap")
        last = start + entry.compress_size


def _data_start(file: IO[bytes], entry: zipfile.ZipInfo) -> int:
    """Where a member's data begins, after checking the header before it."""
    if entry.header_offset < 0:
        raise _broken("its offsets point outside the file")
    file.seek(entry.header_offset)
    header = file.read(_LOCAL_HEADER.size)
    if len(header) < _LOCAL_HEADER.size or not header.startswith(_LOCAL_SIGNATURE):
        raise _broken("a member's header is missing")
    fields: tuple[int, ...] = _LOCAL_HEADER.unpack(header)[1:]
    _, flags, method, *_, name_size, extra_size = fields
    try:
        name = file.read(name_size).decode("utf-8" if flags & _UTF8 else "cp437")
    except UnicodeDecodeError as error:
        raise _broken("a member's name is not UTF-8") from error
    if name != entry.orig_filename or method != entry.compress_type:
        raise _broken(f"two headers disagree about {entry.orig_filename!r}")
    if flags & _ENCRYPTED:
        raise SubmissionError("encrypted_archive", name=name)
    return entry.header_offset + _LOCAL_HEADER.size + name_size + extra_size


def _chunks(file: IO[bytes], entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """Reads a member and checks its size and checksum when it ends."""
    file.seek(_data_start(file, entry))
    raw = _raw(file, entry.compress_size)
    size = crc = 0
    for chunk in _inflated(raw) if entry.compress_type == zipfile.ZIP_DEFLATED else raw:
        size += len(chunk)
        crc = zlib.crc32(chunk, crc)
        if size > entry.file_size:
            break
        yield chunk
    if size != entry.file_size:
        raise _broken(f"{entry.orig_filename!r} has another size than the archive states")
    if crc != entry.CRC:
        raise _broken(f"the checksum of {entry.orig_filename!r} is wrong")


def _raw(file: IO[bytes], left: int) -> Iterator[bytes]:
    while left:
        chunk = file.read(min(CHUNK, left))
        if not chunk:
            raise _broken("it ends in the middle of a member")
        left -= len(chunk)
        yield chunk


def _inflated(raw: Iterator[bytes]) -> Iterator[bytes]:
    """Decompresses, at most a chunk at a time whatever the ratio."""
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        while not inflater.eof:
            data = inflater.unconsumed_tail or next(raw, b"")
            # Without input there may still be output that the last chunk had no room for.
            chunk = inflater.decompress(data, CHUNK)
            if chunk:
                yield chunk
            elif not data:
                raise _broken("a member's data ends early")
    except zlib.error as error:
        raise _broken("a member's data is damaged") from error
    if inflater.unused_data or next(raw, b""):
        raise _broken("a member has data after its end")


def _broken(reason: str) -> SubmissionError:
    return SubmissionError("broken_archive", reason=reason)
