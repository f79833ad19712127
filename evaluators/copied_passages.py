"""The longest passage of a text that stands in a training text, for many texts at one time.

All places of all texts are looked at together: first their runs of eight bytes, then, of those that
stand in a training text, the runs that are one byte longer, until none is left. What is equal has
the same number at each length, so nothing is hashed and nothing collides.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

SHORTEST = 8  # bytes: so many are one number of 64 bits
# Bytes that never occur in UTF-8: no run that crosses an end of a text is equal to any other.
_END, _TRAINING_END = b"\xfe", b"\xff"
BYTES = 256

Places = NDArray[np.int64]


def longest_passages(texts: Sequence[str], training: Sequence[str]) -> NDArray[np.int64]:
    """The characters of the longest passage that each text has in common with a training text.

    Returns:
        int64 [N]; 0 where it is shorter than eight bytes. Of a passage that begins or ends inside
        of a character, whole characters count.
    """
    own, known = _joined(texts, _END), _joined(training, _TRAINING_END)
    text_of = np.cumsum(own == _END[0])
    begin, size = np.zeros(len(texts), np.int64), np.zeros(len(texts), np.int64)
    own_keys, known_keys = _eights(own), _eights(known)
    own_places, known_places = np.arange(len(own_keys)), np.arange(len(known_keys))
    length = SHORTEST
    while len(own_places) and len(known_places):
        numbers, own_numbers = np.unique(own_keys, return_inverse=True)
        found = np.searchsorted(numbers, known_keys).clip(max=len(numbers) - 1)
        there = numbers[found] == known_keys
        known_places, known_numbers = known_places[there], found[there]
        common = np.zeros(len(numbers), np.bool_)
        common[known_numbers] = True
        kept = common[own_numbers]
        own_places, own_numbers = own_places[kept], own_numbers[kept]
        begin[text_of[own_places]], size[text_of[own_places]] = own_places, length
        # Whatever is left holds no end of a text, so that one more byte follows it.
        own_keys = _longer(own_numbers, own[own_places + length])
        known_keys = _longer(known_numbers, known[known_places + length])
        length += 1
    passages = (own[start : start + count] for start, count in zip(begin, size, strict=True))
    return np.array([len(p.tobytes().decode(errors="ignore")) for p in passages], np.int64)


def _joined(texts: Sequence[str], end: bytes) -> NDArray[np.uint8]:
    """Texts as UTF-8, an end behind each."""
    return np.frombuffer(b"".join(text.encode() + end for text in texts), np.uint8)


def _eights(content: NDArray[np.uint8]) -> NDArray[np.int64]:
    """The number of the eight bytes that begin at each place."""
    count = max(0, len(content) - SHORTEST + 1)
    keys = np.zeros(count, np.int64)
    for offset in range(SHORTEST):
        keys = (keys << 8) | content[offset : offset + count]
    return keys


def _longer(numbers: Places, following: NDArray[np.uint8]) -> NDArray[np.int64]:
    return numbers.astype(np.int64) * BYTES + following
