"""Texts on their way: UTF-8 bytes one after another, and where each begins.

An array of texts `NAME` travels as `NAME` (uint8, the bytes) and `NAME.offsets` (int64 [n + 1]).
"""

import numpy as np
from numpy.typing import NDArray

OFFSETS = ".offsets"
Arrays = dict[str, NDArray[np.generic]]


def encode_texts(arrays: Arrays) -> Arrays:
    """Puts the two arrays in the place of each array of texts; others stay as they are."""
    encoded: Arrays = {}
    for name, array in arrays.items():
        if array.dtype.kind != "U":
            encoded[name] = array
            continue
        pieces = [str(text).encode() for text in array]
        lengths = np.array([0, *map(len, pieces)], dtype=np.int64)
        encoded[name] = np.frombuffer(b"".join(pieces), dtype=np.uint8)
        encoded[name + OFFSETS] = np.cumsum(lengths)
    return encoded


def decode_texts(arrays: Arrays) -> Arrays:
    """Undoes `encode_texts`, for arrays from the host, which is trusted."""
    decoded: Arrays = {}
    for name, array in arrays.items():
        if name.endswith(OFFSETS):
            continue
        offsets = arrays.get(name + OFFSETS)
        if offsets is None:
            decoded[name] = array
            continue
        content, ends = array.tobytes(), [int(end) for end in offsets]
        texts = [
            content[start:end].decode() for start, end in zip(ends[:-1], ends[1:], strict=True)
        ]
        decoded[name] = np.array(texts, dtype=np.str_)
    return decoded
