"""Lists the members of a zip that may have been made to harm."""

import errno
import io
import stat
import struct
import zipfile
from functools import partial
from pathlib import Path
from typing import IO

from evaluators.errors import SubmissionError
from evaluators.member_names import MEMBERS, Names, path_check
from evaluators.tree import Member
from evaluators.zip_data import ENCRYPTED, UTF8, broken_archive, data_chunks, data_start

# A list of 1,000 members with the longest names fits twice; a longer one isn't even read.
LISTING_BYTES = 2 * 1024 * 1024

_PATCH = 0x20
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
        name = _name(entry)
        _check_entry(entry, name)
        if name == "./":  # what tar writes for the folder that it is in
            continue
        parts = path_check(name.removesuffix("/"))
        if name.endswith("/"):
            names.add(parts, folder=True)
        else:
            names.add_file(parts)
            members.append(Member(parts, entry.file_size, partial(data_chunks, file, entry)))
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
        raise broken_archive(str(error) or "it is not a zip file") from error
    except OSError as error:
        # A seek to before the beginning: the offsets in it are wrong, our disk is fine.
        if error.errno != errno.EINVAL:
            raise
        raise broken_archive("its offsets point outside the file") from error


def _name(entry: zipfile.ZipInfo) -> str:
    """A member's name; many tools write UTF-8 without the flag that says so."""
    if entry.flag_bits & UTF8:
        return entry.orig_filename
    try:
        return entry.orig_filename.encode("cp437").decode()
    except UnicodeDecodeError:
        return entry.orig_filename


def _check_entry(entry: zipfile.ZipInfo, name: str) -> None:
    """Refuses what is encrypted, special, or compressed in a way that isn't read here."""
    mode = entry.external_attr >> 16
    if kind := special_kind(mode):
        raise SubmissionError("special_file", kind=kind, name=name)
    if name.endswith("/") and entry.file_size or not name.endswith("/") and stat.S_ISDIR(mode):
        raise broken_archive(f"{name!r} is a file and a folder at once")
    if entry.flag_bits & ENCRYPTED or entry.compress_type == _METHOD_AES:
        raise SubmissionError("encrypted_archive", name=name)
    plain = entry.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    if not plain or entry.flag_bits & _PATCH:
        method = _METHODS.get(entry.compress_type, f"method {entry.compress_type}")
        raise SubmissionError("unsupported_compression", method=method, name=name)


def _check_overlap(file: IO[bytes], entries: list[zipfile.ZipInfo], end: int) -> None:
    """Refuses members that share bytes: the trick by which small archives become huge."""
    last = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        start = data_start(file, entry)
        if entry.header_offset < last or start + entry.compress_size > end:
            raise broken_archive("members overlap")
        last = start + entry.compress_size
