"""Arrays as bytes: a JSON header with name, dtype and shape of each, then their raw contents.

No `.npy`, no pickle: the header is the only thing to parse, and it is small.
"""

import json
import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LENGTH = struct.Struct("<I")
HEADER_BYTES = 16_384


class ArraysError(Exception):
    """The bytes don't hold what their header says."""


@dataclass(frozen=True, slots=True)
class RawArray:
    """An array that nobody has looked at yet."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    data: memoryview


def pack_arrays(arrays: dict[str, NDArray[np.generic]]) -> bytes:
    """Packs arrays, in the order of the dictionary."""
    contiguous = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    entries = [
        {"name": name, "dtype": str(array.dtype), "shape": list(array.shape)}
        for name, array in contiguous.items()
    ]
    header = json.dumps(entries).encode()
    return b"".join(
        [LENGTH.pack(len(header)), header, *(array.tobytes() for array in contiguous.values())]
    )


def unpack_raw(payload: bytes | bytearray) -> list[RawArray]:
    """Splits what may come from a hostile sender, without making arrays of it.

    The bytes of an array are those that its shape and dtype ask for only if the sender is honest:
    here each gets what is left, and all but the last need a known size.

    Raises:
        ArraysError: there is no well-formed header.
    """
    entries = _header(payload)
    position = LENGTH.size + LENGTH.unpack_from(payload)[0]
    view = memoryview(payload)
    arrays = []
    for number, (name, dtype, shape) in enumerate(entries):
        end = len(payload) if number == len(entries) - 1 else position + _size(dtype, shape)
        arrays.append(RawArray(name, dtype, shape, view[position:end]))
        position = end
    return arrays


def unpack_arrays(payload: bytes | bytearray) -> dict[str, NDArray[np.generic]]:
    """Unpacks arrays from the host, which is trusted."""
    return {
        raw.name: np.frombuffer(raw.data, dtype=raw.dtype).reshape(raw.shape)
        for raw in unpack_raw(payload)
    }


def _header(payload: bytes | bytearray) -> list[tuple[str, str, tuple[int, ...]]]:
    if len(payload) < LENGTH.size:
        raise ArraysError("no header")
    length = LENGTH.unpack_from(payload)[0]
    if length > HEADER_BYTES or LENGTH.size + length > len(payload):
        raise ArraysError("the header is too long")
    try:
        entries = json.loads(bytes(payload[LENGTH.size : LENGTH.size + length]))
    except (ValueError, RecursionError) as error:
        raise ArraysError("the header is not JSON") from error
    if not isinstance(entries, list):
        raise ArraysError("the header is not a list")
    return [_entry(entry) for entry in entries]


def _entry(entry: object) -> tuple[str, str, tuple[int, ...]]:
    if not isinstance(entry, dict):
        raise ArraysError("the header has an entry that is not an object")
    name, dtype, shape = entry.get("name"), entry.get("dtype"), entry.get("shape")
    if not (isinstance(name, str) and isinstance(dtype, str) and isinstance(shape, list)):
        raise ArraysError("the header has an entry without name, dtype and shape")
    if len(shape) > 32 or not all(type(size) is int and 0 <= size < 1 << 48 for size in shape):
        raise ArraysError("the header has a shape of something else than sizes")
    return name, dtype, tuple(shape)


def _size(dtype: str, shape: tuple[int, ...]) -> int:
    # Fixed spellings only: numpy's parser of dtypes is not shown to a hostile sender.
    itemsize = {
        "bool": 1, "uint8": 1, "int8": 1, "uint16": 2, "int16": 2, "float16": 2,
        "uint32": 4, "int32": 4, "float32": 4, "uint64": 8, "int64": 8, "float64": 8,
    }.get(dtype)  # fmt: skip
    if itemsize is None:
        raise ArraysError(f"unknown element type {dtype[:40]!r}")
    size = itemsize
    for length in shape:
        size *= length
    return size
