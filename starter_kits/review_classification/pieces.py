"""Turns texts into numbers: each word, pair of words and part of a word is one.

Submissions hold it too, since a model needs the same numbers when it is judged.
"""

import re
import zlib
from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np

WORD = re.compile(r"[\w']+|[!?.,;:()]")
PART_LENGTHS = (3, 4, 5)  # characters
NUMBERS = 1 << 15  # a piece's number is below it; some pieces share one, which does little harm
PLACES = 1024  # pieces of a text that are looked at; longer texts lose their ends


def pieces(texts: Sequence[str] | np.ndarray) -> np.ndarray:
    """Numbers the pieces of texts.

    Returns:
        int32 [N, places]: numbers from 1 on, and 0 where a text has ended; as many places as the
        longest of these texts needs.
    """
    rows = [list(_pieces(str(text)))[:PLACES] for text in texts]
    numbers = np.zeros((len(rows), max(map(len, rows), default=1) or 1), np.int32)
    for place, row in zip(numbers, rows, strict=True):
        place[: len(row)] = row
    return numbers


def _pieces(text: str) -> Iterator[int]:
    words = WORD.findall(text.lower())
    for word in words:
        yield from _of_word(word)
    for first, second in zip(words, words[1:], strict=False):
        yield _number(f"{first} {second}")


@lru_cache(maxsize=50_000)
def _of_word(word: str) -> tuple[int, ...]:
    """The word itself and its parts: "good" has <go, goo, ood, od>, <goo, good, ood>, ..."""
    framed = f"<{word}>"
    parts = [
        framed[start : start + length]
        for length in PART_LENGTHS
        for start in range(len(framed) - length + 1)
    ]
    return tuple(map(_number, [word, *parts]))


def _number(piece: str) -> int:
    return zlib.crc32(piece.encode()) % (NUMBERS - 1) + 1  # not hash(): it changes with each start


def trim(numbers: np.ndarray) -> np.ndarray:
    """Leaves out the last columns if all texts have ended before."""
    used = np.flatnonzero(numbers.any(axis=0))
    return numbers[:, : used[-1] + 1 if used.size else 1]


def batches(numbers: np.ndarray, size: int, random: np.random.Generator) -> list[np.ndarray]:
    """Puts texts of about the same length together: padding costs as much time as text.

    Returns:
        Row numbers of each batch; every text is in one of them, and chance decides which.
    """
    lengths = np.count_nonzero(numbers, axis=1)
    groups = np.array_split(random.permutation(len(numbers)), max(1, len(numbers) // (20 * size)))
    found = []
    for group in groups:
        group = group[np.argsort(lengths[group], kind="stable")]
        found += [group[first : first + size] for first in range(0, len(group), size)]
    return [found[i] for i in random.permutation(len(found))]
