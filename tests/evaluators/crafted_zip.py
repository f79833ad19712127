"""Writes zips byte by byte, as no honest tool would."""

import struct
import zlib
from dataclasses import dataclass

_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")


@dataclass
class Crafted:
    """A member and what its headers say of it; None states the truth."""

    name: bytes
    data: bytes = b""
    method: int = 0
    mode: int = 0o100644
    flags: int = 0x800
    stated_size: int | None = None
    stated_compressed: int | None = None
    crc: int | None = None
    local_name: bytes | None = None
    offset: int | None = None
    raw: bytes | None = None

    @property
    def packed(self) -> bytes:
        if self.raw is not None:
            return self.raw
        return deflate(self.data) if self.method == 8 else self.data

    def local_header(self) -> bytes:
        name = self.name if self.local_name is None else self.local_name
        return self._pack(_LOCAL, b"PK\x03\x04", (20,), (len(name), 0)) + name

    def central_header(self, offset: int) -> bytes:
        offset = offset if self.offset is None else self.offset
        tail = (len(self.name), 0, 0, 0, 0, self.mode << 16, offset)
        return self._pack(_CENTRAL, b"PK\x01\x02", (0x031E, 20), tail) + self.name

    def _pack(
        self, form: struct.Struct, signature: bytes, head: tuple[int, ...], tail: tuple[int, ...]
    ) -> bytes:
        size = len(self.data) if self.stated_size is None else self.stated_size
        compressed = self.stated_compressed
        compressed = len(self.packed) if compressed is None else compressed
        crc = zlib.crc32(self.data) if self.crc is None else self.crc
        middle = (self.flags, self.method, 0, 0x21, crc, compressed, size)
        return form.pack(signature, *head, *middle, *tail)


def crafted_zip(*members: Crafted) -> bytes:
    """A zip of these members, in this order."""
    body, central = bytearray(), bytearray()
    for member in members:
        central += member.central_header(len(body))
        body += member.local_header() + member.packed
    return bytes(body + central) + end_record(len(members), len(central), len(body))


def end_record(count: int, size: int, offset: int) -> bytes:
    """The last record: how many members, and where their list is."""
    return _END.pack(b"PK\x05\x06", 0, 0, count & 0xFFFF, count & 0xFFFF, size, offset, 0)


def overlapping_bomb(files: int, kernel_size: int) -> bytes:
    """Members that quote each other's headers and share one kernel (David Fifield, 2019).

    Each member's data is a stored deflate block that holds the next member's header, and then
    the next member's data; so every member unpacks the kernel, which is there once.
    """
    kernel = deflate(bytes(kernel_size))
    tail, content = kernel, bytes(kernel_size)
    headers: list[tuple[Crafted, int]] = []
    after = b""
    for number in reversed(range(files)):
        tail = after + tail
        member = Crafted(
            f"{number:04}".encode(),
            method=8,
            stated_size=len(content),
            stated_compressed=len(tail),
            crc=zlib.crc32(content),
        )
        header = member.local_header()
        headers.insert(0, (member, len(header)))
        after = b"\x00" + struct.pack("<HH", len(header), len(header) ^ 0xFFFF) + header
        content = header + content
    first = headers[0][0].local_header()
    body = first + tail
    central = bytearray()
    offset = 0
    for member, size in headers:
        central += member.central_header(offset)
        # The next header lies behind this one and the five bytes of the block that quotes it.
        offset += size + 5
    return body + central + end_record(files, len(central), len(body))


def deflate(data: bytes) -> bytes:
    """Raw deflate, as zips hold it."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()
