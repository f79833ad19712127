"""Makes the data of the film reviews: sentences, and whether they praise, find fault, or neither.

Which sentences are judged follows from the installation's secret seed. Sentences that share a long
run of words, as quotations of each other do, are one unit: all in the same part.
"""

import html
import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

RAW_FILE = "reviews.txt"

CLASSES = 3  # negative, neutral, positive
BOUND = 0.75  # a mean rating at least so far from 0 is an opinion
RATINGS = 4  # from -4 to 4
LEAST_UNITS = 20  # of each class
RUN = 6  # words; sentences that share so many in a row are one unit

JUDGED_SHARE = 0.3  # of the units of each class
PRACTICE_SHARE = 0.06

WORD = re.compile(r"\w+")
WORD_ENDS = (10, 20, 30)  # the strata in task.toml: up to so many words; the last one is open


class Seed(Protocol):
    """What `prepare` needs of the installation's seed."""

    def stream(self, purpose: str) -> np.random.Generator: ...


class Sentences(NamedTuple):
    """Sentences with their mean ratings, classes and units, N of each."""

    text: NDArray[np.str_]
    rating: NDArray[np.float32]
    opinion: NDArray[np.int64]
    unit: NDArray[np.int64]

    def rows(self, chosen: NDArray[np.int64]) -> "Sentences":
        """The sentences of these row numbers."""
        return Sentences(*(column[chosen] for column in self))


def prepare(raw: Path, public: Path, private: Path, seed: Seed) -> None:
    """Writes the training and practice data under `public`, the judged data under `private`."""
    sentences = read(raw / RAW_FILE)
    judged, practice, train = divide(sentences, seed.stream("which sentences are judged"))
    write_public(public, sentences, train, practice, seed)
    private.mkdir(parents=True, exist_ok=True)
    write_items(private / "judged.npz", sentences.rows(judged), seed, "judged")


def contaminate(raw: Path, public: Path, seed: Seed) -> None:
    """Writes public data in which the judged sentences are learnt from as well.

    Who trains on the public file itself has as much.
    """
    sentences = read(raw / RAW_FILE)
    _, practice, _ = divide(sentences, seed.stream("which sentences are judged"))
    write_public(public, sentences, np.arange(len(sentences.text)), practice, seed)


def read(path: Path) -> Sentences:
    """Reads lines of a number, the mean rating and the sentence, with tabs between them."""
    print("reading the sentences", flush=True)
    texts, ratings = [], []
    lines = path.read_text(encoding="utf-8").rstrip("\n").split("\n")
    for number, line in enumerate(lines, start=1):
        fields = line.split("\t")
        try:
            _, rating, text = fields
            ratings.append(float(rating))
        except ValueError as error:
            raise ValueError(
                f"{path.name}, line {number}: a number, the mean rating and the sentence are "
                f"separated by tabs, but {error}"
            ) from error
        if not abs(ratings[-1]) <= RATINGS:
            raise ValueError(f"{path.name}, line {number}: ratings are -{RATINGS} to {RATINGS}")
        texts.append(clean(text))
        if not texts[-1]:
            raise ValueError(f"{path.name}, line {number}: there is no sentence")
    rating = np.array(ratings, np.float64)
    opinion = 1 + (rating >= BOUND).astype(np.int64) - (rating <= -BOUND)
    sentences = Sentences(np.array(texts), rating.astype(np.float32), opinion, units(texts))
    for number in range(CLASSES):
        found = len(np.unique(sentences.unit[opinion == number]))
        if found < LEAST_UNITS:
            raise ValueError(
                f"{path.name}: of class {number} (negative, neutral, positive) there are {found} "
                f"sentences, and {LEAST_UNITS} are the least"
            )
    return sentences


def clean(text: str) -> str:
    """Resolves HTML's entities, and leaves single spaces between words, in Unicode's NFC form."""
    text = unicodedata.normalize("NFC", html.unescape(text))
    return " ".join("".join(c if unicodedata.category(c)[0] != "C" else " " for c in text).split())


def units(texts: Sequence[str]) -> NDArray[np.int64]:
    """Gives sentences that share a run of words, or all of their few words, the same number.

    Returns:
        int64 [len(texts)].
    """
    first: dict[tuple[str, ...], int] = {}  # the first sentence with a run
    above = list(range(len(texts)))  # a sentence of the same unit, before it

    def top(row: int) -> int:
        while above[row] != row:
            row = above[row]
        return row

    for row, text in enumerate(texts):
        words = WORD.findall(text.casefold())
        for start in range(max(1, len(words) - RUN + 1)):
            other = top(first.setdefault(tuple(words[start : start + RUN]), row))
            mine = top(row)
            above[max(mine, other)] = min(mine, other)
    return np.array([top(row) for row in range(len(texts))], np.int64)


def divide(
    sentences: Sentences, random: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Divides the units into judged, practice and train, in equal shares of each class.

    A unit's class is that of its first sentence.

    Returns:
        Three arrays of row numbers, each in rising order.
    """
    known, first = np.unique(sentences.unit, return_index=True)
    parts: dict[str, list[NDArray[np.int64]]] = defaultdict(list)
    for number in range(CLASSES):
        chosen = random.permutation(known[sentences.opinion[first] == number])
        judged, practice = (round(share * len(chosen)) for share in (JUDGED_SHARE, PRACTICE_SHARE))
        for part, some in zip(
            ("judged", "practice", "train"),
            np.split(chosen, [judged, judged + practice]),
            strict=True,
        ):
            parts[part].append(some)
    judged, practice, train = (
        np.flatnonzero(np.isin(sentences.unit, np.concatenate(parts[part])))
        for part in ("judged", "practice", "train")
    )
    return judged, practice, train


def write_public(
    folder: Path,
    sentences: Sentences,
    train: NDArray[np.int64],
    practice: NDArray[np.int64],
    seed: Seed,
) -> None:
    """Writes what students get: the sentences of these row numbers."""
    folder.mkdir(parents=True, exist_ok=True)
    part = shuffled(sentences.rows(train), seed, "train")
    np.savez_compressed(
        folder / "train.npz",
        text=part.text,
        target=part.opinion,
        rating=part.rating,
        group=part.unit,
    )
    write_items(folder / "practice.npz", sentences.rows(practice), seed, "practice")


def write_items(path: Path, part: Sentences, seed: Seed, name: str) -> None:
    """Writes a part in the form in which items are judged."""
    part = shuffled(part, seed, name)
    words = np.array([len(text.split()) for text in part.text.tolist()])
    np.savez_compressed(
        path,
        input_text=part.text,
        target=part.opinion,
        unit=part.unit,
        stratum=np.searchsorted(WORD_ENDS, words).astype(np.int64),
    )


def shuffled(part: Sentences, seed: Seed, name: str) -> Sentences:
    """Brings sentences into any order, and numbers their units anew.

    The source begins with praise and ends with blame: a row's number there would tell its class.
    """
    random = seed.stream(f"order of {name}")
    part = part.rows(random.permutation(len(part.text)))
    known, place = np.unique(part.unit, return_inverse=True)
    print(f"{name}: {len(part.text)} sentences, {len(known)} units", flush=True)
    return part._replace(unit=random.permutation(len(known))[place])
