"""Frames: how both sides of a sandbox's pipes talk.

A frame is `SB`, a kind (1 byte), a zero byte, the length of the payload (unsigned 32 bits, little
endian), and the payload. The reader states beforehand how much it is ready to take.
"""

import struct
from dataclasses import dataclass
from enum import IntEnum
from typing import BinaryIO

HEADER = struct.Struct("<2sBBI")
MAGIC = b"SB"
READ_BYTES = 1 << 20


class Kind(IntEnum):
    """What a frame says."""

    HELLO = 1  # runner: I am up, nothing of the job has been touched
    CONFIGURE = 2  # host: JSON, the job
    READY = 3  # runner: JSON, the model is loaded
    INPUTS = 4  # host: arrays
    ANSWER = 5  # runner: arrays
    FAILURE = 6  # runner: JSON, the job failed
    END = 7  # host: no more inputs
    FILE = 8  # runner: a prepared file
    START = 9  # host: JSON, the next documents of a language model


class FrameError(Exception):
    """What was read is no frame, or a larger one than agreed."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame that was read."""

    kind: Kind
    payload: bytearray


def write_frame(stream: BinaryIO, kind: Kind, payload: bytes | memoryview = b"") -> None:
    """Writes a frame and flushes it."""
    view = memoryview(payload).cast("B")
    _write_all(stream, memoryview(HEADER.pack(MAGIC, kind, 0, len(view))))
    _write_all(stream, view)
    stream.flush()


def read_frame(stream: BinaryIO, limit: int) -> Frame:
    """Reads a frame of at most `limit` bytes.

    Raises:
        EOFError: the stream ended at the border of a frame or inside one.
        FrameError: not a frame, an unknown kind, or too long.
    """
    magic, number, zero, length = HEADER.unpack(_read_exactly(stream, HEADER.size))
    if magic != MAGIC or zero != 0:
        raise FrameError("not a frame")
    try:
        kind = Kind(number)
    except ValueError:
        raise FrameError(f"unknown kind {number}") from None
    if length > limit:
        raise FrameError(f"a frame of {length} bytes, {limit} at most were agreed")
    return Frame(kind, _read_exactly(stream, length))


def _read_exactly(stream: BinaryIO, length: int) -> bytearray:
    # The buffer grows with what arrives, not with what the header promises.
    buffer = bytearray()
    while len(buffer) < length:
        piece = stream.read(min(READ_BYTES, length - len(buffer)))
        if not piece:
            raise EOFError("the stream ended")
        buffer += piece
    return buffer


def _write_all(stream: BinaryIO, view: memoryview) -> None:
    # An unbuffered stream may take less than it is given.
    while view:
        view = view[stream.write(view) :]
