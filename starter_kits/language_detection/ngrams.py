"""Turns texts into numbers: each run of one to five characters is one. Submissions hold it too.

In "na stole" there are n, a, na, "a ", " st", stole ... Which of them a text has tells its language
better than its words do: most words of a new text are new, and few of its runs of characters are.
"""

from collections.abc import Sequence

import numpy as np

LONGEST = 5  # characters of a run
CHARACTERS = 64  # of a text that are looked at; a language shows long before
NUMBERS = 1 << 16  # a run's number is below it; some runs share one, which does little harm
PLACES = CHARACTERS * LONGEST


def ngrams(texts: Sequence[str] | np.ndarray) -> np.ndarray:
    """Numbers the runs of characters of texts.

    Returns:
        int32 [N, 320]: numbers from 1 on, and 0 where a text has ended.
    """
    # NumPy keeps a text as the numbers of its characters, and nothing as 0.
    framed = np.array([f" {text.lower()} "[:CHARACTERS] for text in texts], f"<U{CHARACTERS}")
    characters = framed.view(np.uint32).reshape(len(framed), CHARACTERS).astype(np.uint64)
    numbers = np.zeros((len(framed), CHARACTERS, LONGEST), np.int32)
    mixed = np.zeros_like(characters)
    for length in range(1, LONGEST + 1):
        # What begins at a place: one character more than before, mixed into one number.
        starts = CHARACTERS - length + 1
        added = characters[:, length - 1 :]
        mixed = (mixed[:, :starts] + added) * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(32)
        there = added > 0
        numbers[:, :starts, length - 1] = np.where(there, mixed % (NUMBERS - 1) + 1, 0)
    return numbers.reshape(len(framed), PLACES)


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
    groups = np.array_split(random.permutation(len(numbers)), max(1, len(numbers) // (50 * size)))
    found = []
    for group in groups:
        group = group[np.argsort(lengths[group], kind="stable")]
        found += [group[first : first + size] for first in range(0, len(group), size)]
    return [found[i] for i in random.permutation(len(found))]
