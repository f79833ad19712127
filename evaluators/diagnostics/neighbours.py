"""The training text that a text is most like, by the pieces of three characters that they share."""

import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

TRAIN_FILE = "train.npz"
PIECE = 3
# Rows whose pieces are counted at one time, which bounds memory, and rows that are looked at.
BLOCK_CHARACTERS = 1_000_000
CANDIDATES = 40
MOST_CHARACTERS = 400  # of a text, which are compared
MOST_TEXTS = 100_000


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A training text.

    Attributes:
        text: it, whole.
        target: its class, or None where training texts have none.
        likeness: shared by all different pieces of both, from 0 to 1.
    """

    text: str
    target: int | None
    likeness: float


def training_load(public: Path) -> tuple[NDArray[np.str_], NDArray[np.int64] | None] | None:
    """Reads `text` and `target` of the training file that students have; None if it has no texts.

    A task may hand out its training data in whatever form it likes: that is no fault.
    """
    try:
        with np.load(public / TRAIN_FILE, allow_pickle=False) as file:
            arrays = {name: file[name] for name in ("text", "target") if name in file.files}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, zlib.error):
        return None
    texts, target = arrays.get("text"), arrays.get("target")
    if texts is None or texts.dtype.kind != "U" or texts.ndim != 1 or not len(texts):
        return None
    if target is not None and (target.shape != texts.shape or target.dtype.kind not in "iu"):
        target = None
    return texts[:MOST_TEXTS], None if target is None else target[:MOST_TEXTS].astype(np.int64)


def nearest(
    queries: Sequence[str], texts: NDArray[np.str_], target: NDArray[np.int64] | None
) -> list[Neighbour]:
    """The most alike training text of each query.

    Shared pieces are first counted in all texts; the best are then compared as
    sets of pieces.
    """
    wanted = [
        np.unique(_numbers(_points(np.array([query[:MOST_CHARACTERS]])))) for query in queries
    ]
    pieces = np.unique(np.concatenate(wanted))
    member = np.array([np.isin(pieces, mine) for mine in wanted])
    member[:, pieces == 0] = False
    counts = np.zeros((len(queries), len(texts)))
    width = max(1, min(MOST_CHARACTERS, texts.dtype.itemsize // 4))
    rows = max(1, BLOCK_CHARACTERS // width)
    for first in range(0, len(texts), rows):
        numbers = _numbers(_points(texts[first : first + rows].astype(f"<U{width}")))
        row, _ = filled = np.nonzero(numbers)
        found = numbers[filled]
        place = np.searchsorted(pieces, found).clip(max=len(pieces) - 1)
        known = pieces[place] == found
        row, place = row[known], place[known]
        # A long text shares pieces with everything.
        sizes = np.sqrt(1.0 + np.count_nonzero(numbers, axis=1))
        for query, shared in enumerate(member[:, place]):
            hits = np.bincount(row[shared], minlength=len(numbers))
            counts[query, first : first + rows] = hits / sizes
    return [
        _best(
            query,
            [int(row) for row in np.argsort(-line, kind="stable")[:CANDIDATES]],
            texts,
            target,
        )
        for query, line in zip(queries, counts, strict=True)
    ]


def likeness(one: str, other: str) -> float:
    """Shared pieces by all different pieces of both (Jaccard), 1 for equal texts."""
    first, second = _pieces(one), _pieces(other)
    return len(first & second) / len(first | second)


def _best(
    query: str, rows: list[int], texts: NDArray[np.str_], target: NDArray[np.int64] | None
) -> Neighbour:
    row = max(rows, key=lambda row: likeness(query, str(texts[row])))
    label = None if target is None else int(target[row])
    return Neighbour(str(texts[row]), label, likeness(query, str(texts[row])))


def _pieces(text: str) -> set[str]:
    text = f" {text[:MOST_CHARACTERS].lower()} "
    return {text[start : start + PIECE] for start in range(max(1, len(text) - PIECE + 1))}


def _points(texts: NDArray[np.str_]) -> NDArray[np.uint64]:
    """Code points with a blank at either end, 0 past the end: uint64 [N, L + 2]."""
    padded = np.char.add(np.char.add(" ", np.char.lower(texts)), " ")
    width = padded.dtype.itemsize // 4
    return padded.view(np.uint32).reshape(len(padded), width).astype(np.uint64)


def _numbers(points: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """A number for each piece, 0 where it runs past the end: uint64 [N, L]."""
    if points.shape[1] < PIECE:
        return np.zeros((len(points), 0), np.uint64)
    width = points.shape[1] - PIECE + 1
    # Three code points of 21 bits are one number: nothing collides.
    number = np.zeros((len(points), width), np.uint64)
    whole = np.ones((len(points), width), np.bool_)
    for offset in range(PIECE):
        part = points[:, offset : offset + width]
        number = (number << np.uint64(21)) | part
        whole &= part > 0
    return np.where(whole, number, np.uint64(0))
