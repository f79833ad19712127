"""Reads the data of a zip's members.

Python's zipfile trusts the sizes in the headers; here no header decides how much is read into
memory, and what comes out must have just the size and the checksum that the archive lists.
"""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

from evaluators.errors import SubmissionError

CHUNK = 64 * 1024
ENCRYPTED = 0x1 | 0x40 | 0x2000
UTF8 = 0x800

_LOCAL_HEADER = struct.Struct("<4s5H3I2H")
_LOCAL_SIGNATURE = b"PK\x03\x04"


def data_start(file: IO[bytes], entry: zipfile.ZipInfo) -> int:
    """Finds where a member's data begins, and checks the header before it.

    Raises:
        SubmissionError: there is no header, or it is not the one that the archive lists.
    """
    if entry.header_offset < 0:
        raise broken_archive("its offsets point outside the file")
    file.seek(entry.header_offset)
    header = file.read(_LOCAL_HEADER.size)
    if len(header) < _LOCAL_HEADER.size or not header.startswith(_LOCAL_SIGNATURE):
        raise broken_archive("a member's header is missing")
    fields: tuple[int, ...] = _LOCAL_HEADER.unpack(header)[1:]
    _, flags, method, *_, name_size, extra_size = fields
    try:
        name = file.read(name_size).decode("utf-8" if flags & UTF8 else "cp437")
    except UnicodeDecodeError as error:
        raise broken_archive("a member's name is not UTF-8") from error
    if name != entry.orig_filename or method != entry.compress_type:
        raise broken_archive(f"two headers disagree about {entry.orig_filename!r}")
    if flags & ENCRYPTED:
        raise SubmissionError("encrypted_archive", name=name)
    return entry.header_offset + _LOCAL_HEADER.size + name_size + extra_size


def data_chunks(file: IO[bytes], entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """Reads a member in pieces of bounded size.

    Raises:
        SubmissionError: its size or checksum is another than the archive lists, or it is damaged.
    """
    file.seek(data_start(file, entry))
    raw = _raw(file, entry.compress_size)
    size = crc = 0
    for chunk in _inflated(raw) if entry.compress_type == zipfile.ZIP_DEFLATED else raw:
        size += len(chunk)
        crc = zlib.crc32(chunk, crc)
        if size > entry.file_size:
            break
        yield chunk
    if size != entry.file_size:
        raise broken_archive(f"{entry.orig_filename!r} has another size than the archive states")
    if crc != entry.CRC:
        raise broken_archive(f"the checksum of {entry.orig_filename!r} is wrong")


def _raw(file: IO[bytes], left: int) -> Iterator[bytes]:
    while left:
        chunk = file.read(min(CHUNK, left))
        if not chunk:
            raise broken_archive("it ends in the middle of a member")
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
                raise broken_archive("a member's data ends early")
    except zlib.error as error:
        raise broken_archive("a member's data is damaged") from error
    if inflater.unused_data or next(raw, b""):
        raise broken_archive("a member has data after its end")


def broken_archive(reason: str) -> SubmissionError:
    """The error of an archive that contradicts itself or is cut short."""
    return SubmissionError("broken_archive", reason=reason)
