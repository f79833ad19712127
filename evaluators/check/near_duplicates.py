"""How much of the judged data nearly repeats training data: a split that leaks a group shows here.

Texts are compared by their runs of characters. Arrays are compared by distance: how much nearer the
nearest training item is than the fiftieth. Where that is far less than among judged items of other
units, training has something that it should not have.
"""

import re
from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from evaluators.check.findings import Findings
from evaluators.check.public_files import PublicArray, public_arrays
from evaluators.items import Items
from evaluators.prepared import PreparedTask

PART = "near-duplicates"
MOST_ITEMS = 1000  # judged ones that are looked at
MOST_RATE = 0.05
RUN = 8  # characters of a shingle
LIKE = 0.8  # shared shingles of a judged text
SHORT = 24  # characters; shorter texts repeat by chance
FARTHER = 50  # rank of the neighbour that the nearest is compared with
LEAST_FARTHER = 5
RARE = 0.01  # one in a hundred has a neighbour so near by chance; and a near-duplicate is nearer
NEAR = 0.3
BLOCK = 256


def check_near_duplicates(findings: Findings, prepared: PreparedTask) -> None:
    """Reports the rate for each input; fails if it is high."""
    judged = prepared.judged()
    arrays = [array for array in public_arrays(prepared.public) if not array.practice]
    for name, values in judged.inputs.items():
        training = _like(arrays, values)
        if training is None:
            findings.note(PART, f"no training array looks like the input {name!r}: not compared")
            continue
        text = values.dtype.kind == "U"
        rate = _text_rate(values, training) if text else _array_rate(judged, values, training)
        if rate is None:
            findings.note(PART, f"the judged {name} are too few, or too short, to be compared")
            continue
        findings.judge(
            rate <= MOST_RATE,
            PART,
            f"{rate:.1%} of the judged {name} nearly repeat a training item",
            f"More than {MOST_RATE:.0%} says that the split leaks a group: keep all items of one "
            "original, person, day or document on one side",
        )


def _like(arrays: list[PublicArray], values: NDArray[np.generic]) -> NDArray[np.generic] | None:
    """The largest training array of this kind and shape."""
    alike = [
        array.values
        for array in arrays
        if array.values.shape[1:] == values.shape[1:]
        and (array.values.dtype.kind == "U") == (values.dtype.kind == "U")
        and (values.ndim > 1 or values.dtype == array.values.dtype or values.dtype.kind == "U")
    ]
    return max(alike, key=len, default=None)


def _text_rate(values: NDArray[np.generic], training: NDArray[np.generic]) -> float | None:
    long = [text for text in map(_plain, values) if len(text) >= SHORT]
    wanted = [_shingles(text) for text in _sample(long)]
    if not wanted:
        return None
    holders: dict[str, list[int]] = defaultdict(list)
    for number, shingles in enumerate(wanted):
        for shingle in shingles:
            holders[shingle].append(number)
    best = np.zeros(len(wanted))
    for text in map(_plain, training):
        shared: dict[int, int] = defaultdict(int)
        for shingle in _shingles(text):
            for number in holders.get(shingle, ()):
                shared[number] += 1
        for number, count in shared.items():
            best[number] = max(best[number], count / len(wanted[number]))
    return float(np.mean(best >= LIKE))


def _plain(text: object) -> str:
    return " ".join(re.findall(r"\w+", str(text).casefold()))


def _shingles(text: str) -> set[str]:
    return {text[start : start + RUN] for start in range(max(1, len(text) - RUN + 1))}


def _sample(texts: list[str]) -> list[str]:
    step = max(1, -(-len(texts) // MOST_ITEMS))
    return texts[::step]


def _array_rate(
    judged: Items, values: NDArray[np.generic], training: NDArray[np.generic]
) -> float | None:
    step = max(1, -(-len(values) // MOST_ITEMS))
    flat, train = _flat(values), _flat(training)
    spread = flat.std(axis=0)
    # A column that never changes tells nothing; the others count alike.
    scale = np.where(spread > 0, 1 / np.maximum(spread, 1e-12), 0).astype(np.float32)
    queries, units = flat[::step] * scale, judged.unit[::step]
    largest_unit = int(np.bincount(np.unique(judged.unit, return_inverse=True)[1]).max())
    farther = min(FARTHER, len(train), len(flat) - largest_unit)
    if farther < LEAST_FARTHER:
        return None
    usual = np.quantile(_lonely(queries, flat * scale, farther, units, judged.unit), RARE)
    return float(np.mean(_lonely(queries, train * scale, farther) < NEAR * usual))


def _flat(values: NDArray[np.generic]) -> NDArray[np.float32]:
    return values.reshape(len(values), -1).astype(np.float32)


def _lonely(
    queries: NDArray[np.float32],
    points: NDArray[np.float32],
    farther: int,
    query_units: NDArray[np.int64] | None = None,
    units: NDArray[np.int64] | None = None,
) -> NDArray[np.float32]:
    """How far the nearest point is, as a share of how far the one of this rank is: float32 [N].

    It does not depend on how many points there are, as distances themselves do. Where units are
    given, only points of other units count.
    """
    lengths = np.einsum("ij,ij->i", points, points)
    found = np.empty(len(queries), np.float32)
    for start in range(0, len(queries), BLOCK):
        block = queries[start : start + BLOCK]
        own = np.einsum("ij,ij->i", block, block)
        squares = own[:, np.newaxis] + lengths - 2 * block @ points.T
        if query_units is not None and units is not None:
            squares[query_units[start : start + BLOCK, np.newaxis] == units] = np.inf
        ranked = np.partition(np.maximum(squares, 0), farther - 1, axis=1)
        nearest, far = ranked[:, :farther].min(axis=1), ranked[:, farther - 1]
        found[start : start + BLOCK] = np.sqrt(nearest / np.maximum(far, 1e-12))
    return found
