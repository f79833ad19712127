"""Makes the data of {{title}}.

Which items are judged follows from the installation's secret seed, and from nothing else.
"""

from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

JUDGED_SHARE = 0.5  # of the units
PRACTICE_SHARE = 0.1


class Seed(Protocol):
    """What `prepare` needs of the installation's seed."""

    def stream(self, purpose: str) -> np.random.Generator: ...


class Items(NamedTuple):
    """Texts with their classes, and the numbers of the documents that they are of."""

    text: NDArray[np.str_]
    target: NDArray[np.int64]
    unit: NDArray[np.int64]

    def at(self, rows: NDArray[np.int64]) -> "Items":
        """Some of them, in this order."""
        return Items(*(array[rows] for array in self))


def read(raw: Path, seed: Seed) -> Items:
    """Makes toy data: two sentences of each of 1,000 documents.

    EDIT: read your own file instead, such as csv.reader(open(raw / "mine.csv")), and leave
    `seed` out. Stop with a ValueError that says what is wrong where the file is not as expected.
    """
    random = seed.stream("toy data")
    unit = np.repeat(np.arange(1000), 2)
    kind = random.integers(0, 3, 1000)[unit]
    return Items(np.array([sentence(one, random) for one in kind]), kind, unit)


def sentence(kind: int, random: np.random.Generator) -> str:
    """Says something in one of three made-up languages, that have more than half in common."""
    own = ("ka ko tu shi mi", "la ro di sel ve", "gra stu kve nor lus")[kind].split()
    syllables = np.array("a e na re ta me si ba lo pu du mo ni fe".split() + own)
    words = ["".join(random.choice(syllables, size=random.integers(2, 5))) for _ in range(4)]
    return " ".join(words).capitalize() + "."


def prepare(raw: Path, public: Path, private: Path, seed: Seed) -> None:
    """Writes the training and practice data under `public`, the judged data under `private`."""
    judged, practice, train = divide(read(raw, seed), seed)
    write_train(public / "train.npz", train, seed)
    write_items(public / "practice.npz", practice, seed.stream("numbers of practice"))
    write_items(private / "judged.npz", judged, seed.stream("numbers of judged"))
    print(f"{len(train.target)} training items, {len(judged.target)} judged ones", flush=True)


def contaminate(raw: Path, public: Path, seed: Seed) -> None:
    """Writes what somebody has who trains on all that there is, the judged items included.

    Nobody is given this. It tells what looking up your data's public originals would gain.
    """
    items = read(raw, seed)
    _, practice, _ = divide(items, seed)
    write_train(public / "train.npz", items, seed)
    write_items(public / "practice.npz", practice, seed.stream("numbers of practice"))


def divide(items: Items, seed: Seed) -> tuple[Items, Items, Items]:
    """Divides the units into judged, practice and train: none is in two of them."""
    units = seed.stream("which units are judged").permutation(np.unique(items.unit))
    judged, practice = round(JUDGED_SHARE * len(units)), round(PRACTICE_SHARE * len(units))
    parts = [np.isin(items.unit, part) for part in np.split(units, [judged, judged + practice])]
    order = seed.stream("order of judged")
    rows = [order.permutation(np.flatnonzero(part)) for part in parts]
    return items.at(rows[0]), items.at(rows[1]), items.at(rows[2])


def renumber(items: Items, random: np.random.Generator) -> Items:
    """Numbers the units anew: the old numbers would tell which ones are judged."""
    known, place = np.unique(items.unit, return_inverse=True)
    return items._replace(unit=random.permutation(len(known))[place])


def write_train(path: Path, items: Items, seed: Seed) -> None:
    """Writes what there is to learn from."""
    items = renumber(items, seed.stream("numbers of train"))
    np.savez_compressed(path, text=items.text, target=items.target, unit=items.unit)


def write_items(path: Path, items: Items, random: np.random.Generator) -> None:
    """Writes items in the form in which they are judged: `input_NAME`, `target`, `unit`."""
    items = renumber(items, random)
    np.savez_compressed(path, input_text=items.text, target=items.target, unit=items.unit)
