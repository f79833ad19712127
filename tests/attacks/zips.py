"""Builds archives that harm whoever unpacks them without care.

Each function returns a builder, or is one: it gets the bytes of an honest model.py.
"""

import struct
from collections.abc import Callable

from tests.evaluators.crafted_zip import Crafted, crafted_zip, deflate, end_record

MEGABYTE = 2**20


def beside_model(*members: Crafted) -> Callable[[bytes], bytes]:
    """A good model, and these beside it."""
    return lambda model: crafted_zip(Crafted(b"model.py", model), *members)


def named(name: bytes) -> Callable[[bytes], bytes]:
    return beside_model(Crafted(name, b"x"))


def pair(first: bytes, second: bytes) -> Callable[[bytes], bytes]:
    return beside_model(Crafted(first, b"x"), Crafted(second, b"x"))


def special(kind: int, target: bytes = b"/etc/passwd") -> Callable[[bytes], bytes]:
    return beside_model(Crafted(b"weights.bin", target, mode=kind | 0o777))


def zeros(stated_size: int) -> Callable[[bytes], bytes]:
    """50 MB of zeros, whatever is stated of them."""

    def build(model: bytes) -> bytes:
        content = bytes(50 * MEGABYTE)
        bomb = Crafted(b"w.bin", content, method=8, stated_size=stated_size)
        return crafted_zip(Crafted(b"model.py", model), bomb)

    return build


def nested_bomb(model: bytes) -> bytes:
    """Zips in zips, as "42.zip" is: only the outermost is unpacked, and is none by then."""
    data = deflate(bytes(50 * MEGABYTE))
    for _ in range(5):
        data = crafted_zip(*(Crafted(b"%d.zip" % n, data, method=8) for n in range(10)))
    return crafted_zip(Crafted(b"lib.zip", data))


def lying_listing(size: int, offset: int, count: int = 1) -> Callable[[bytes], bytes]:
    def build(model: bytes) -> bytes:
        return crafted_zip(Crafted(b"model.py", model))[:-22] + end_record(count, size, offset)

    return build


def zip64_listing(size: int, offset: int) -> Callable[[bytes], bytes]:
    """An end record of version 64 that says where the listing is."""

    def build(model: bytes) -> bytes:
        body = crafted_zip(Crafted(b"model.py", model))[:-22]
        record = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, 1, 1, size, offset)
        locator = struct.pack("<4sLQL", b"PK\6\7", 0, len(body), 1)
        return body + record + locator + end_record(0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF)

    return build


def two_ends(model: bytes) -> bytes:
    """Data between members and listing, which no listing tells of, and a second end record."""
    whole = crafted_zip(Crafted(b"model.py", model))
    return whole + b"PK\5\6" + bytes(18)


def polyglot(model: bytes) -> bytes:
    """A program in front of a zip; its offsets are those of the zip alone."""
    return b"#!/bin/sh\nrm -rf /\n" * 100 + crafted_zip(Crafted(b"../model.py", model))


def many(number: int) -> Callable[[bytes], bytes]:
    return beside_model(*(Crafted(b"%06d" % n) for n in range(number)))


def two_listings(model: bytes) -> bytes:
    """Two listings: the first names a good file, the last, which counts, a bad one."""
    return crafted_zip(Crafted(b"model.py", model)) + crafted_zip(Crafted(b"../../model.py", model))
