"""Makes the data of the next letter: verses of the King James Bible, divided by chapter.

The whole text is public, so no division hides it: which chapters are judged is secret, and judged
verses that repeat what students hold are left out. Verses of a chapter depend on each other, so a
chapter is never on two sides, and it is the unit of the intervals.
"""

import json
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

RAW_FILE = "kjv.jsonl"
LONGEST_BYTES = 320  # every step of lockstep waits for the longest document

JUDGED_SHARE = 0.12  # of the chapters
PRACTICE_SHARE = 0.02
JUDGED_VERSES = 2000  # drawn from them, at most
PRACTICE_VERSES = 200

# Of a verse's runs of five words, the share that others may hold before it counts as repeated:
# the books of Kings and Chronicles, and the first three gospels, tell the same in the same words.
RUN_WORDS = 5
LARGEST_SHARE = 0.3


class Seed(Protocol):
    """What `prepare` needs of the installation's seed."""

    def stream(self, purpose: str) -> np.random.Generator: ...


class Verses(NamedTuple):
    """Texts with the numbers of their chapters."""

    texts: list[str]
    chapter: NDArray[np.int64]

    def of(self, chapters: NDArray[np.int64]) -> "Verses":
        """The verses of some chapters."""
        return self.at(np.flatnonzero(np.isin(self.chapter, chapters)))

    def at(self, rows: NDArray[np.int64]) -> "Verses":
        """Some verses."""
        return Verses([self.texts[row] for row in rows], self.chapter[rows])


def prepare(raw: Path, public: Path, private: Path, seed: Seed) -> None:
    """Writes the training and practice verses under `public`, the judged ones under `private`."""
    verses = read(raw / RAW_FILE)
    judged, practice, train = divide(verses, seed)
    np.savez_compressed(public / "train.npz", text=np.array(train.texts))
    write_items(public / "practice.npz", practice, seed.stream("numbers of practice"))
    write_items(private / "judged.npz", judged, seed.stream("numbers of judged"))
    print(f"{len(train.texts)} training verses, {len(judged.texts)} judged ones", flush=True)


def contaminate(raw: Path, public: Path, seed: Seed) -> None:
    """Writes public data whose training verses are all there are, the judged ones included."""
    verses = read(raw / RAW_FILE)
    _, practice, _ = divide(verses, seed)
    order = seed.stream("order of contaminated").permutation(len(verses.texts))
    np.savez_compressed(public / "train.npz", text=np.array(verses.at(order).texts))
    write_items(public / "practice.npz", practice, seed.stream("numbers of practice"))


def read(path: Path) -> Verses:
    """Reads one JSON object a line, with `text`, `book` and `chapter`.

    Texts that are empty or longer than 320 bytes are left out.
    """
    texts, places = [], []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            row = json.loads(line)
            text, place = str(row["text"]).strip(), (str(row["book"]), str(row["chapter"]))
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(
                f"{path.name}, line {number}: it is no object with text, book and chapter"
            ) from error
        if "\0" in text:
            raise ValueError(f"{path.name}, line {number}: the text holds a NUL")
        if text and len(text.encode()) <= LONGEST_BYTES:
            texts.append(text)
            places.append(place)
    chapters = {place: chapter for chapter, place in enumerate(dict.fromkeys(places))}
    return Verses(texts, np.array([chapters[place] for place in places], np.int64))


def divide(verses: Verses, seed: Seed) -> tuple[Verses, Verses, Verses]:
    """Divides the verses by chapter into judged, practice and train, each in an order of chance."""
    chapters = seed.stream("which chapters are judged").permutation(np.unique(verses.chapter))
    judged_chapters = max(2, round(JUDGED_SHARE * len(chapters)))
    practice_chapters = max(2, round(PRACTICE_SHARE * len(chapters)))
    parts = np.split(chapters, [judged_chapters, judged_chapters + practice_chapters])
    judged, practice, train = (verses.of(part) for part in parts)
    known = runs_of(train.texts)
    practice = chosen(practice, known, PRACTICE_VERSES, seed.stream("practice verses"))
    known |= runs_of(practice.texts)
    judged = chosen(judged, known, JUDGED_VERSES, seed.stream("judged verses"))
    order = seed.stream("order of train").permutation(len(train.texts))
    return judged, practice, train.at(order)


def chosen(
    verses: Verses, known: set[tuple[str, ...]], most: int, random: np.random.Generator
) -> Verses:
    """Draws verses that don't repeat what is known, in an order of chance."""
    fresh = [row for row, text in enumerate(verses.texts) if repeated(text, known) <= LARGEST_SHARE]
    print(f"{len(verses.texts) - len(fresh)} of {len(verses.texts)} verses repeat others")
    return verses.at(random.permutation(np.array(fresh, np.int64))[:most])


def runs_of(texts: list[str]) -> set[tuple[str, ...]]:
    """All runs of five words of some texts; a shorter text is one run."""
    return {run for text in texts for run in runs(text)}


def runs(text: str) -> list[tuple[str, ...]]:
    """The runs of five words of a text, without case and punctuation."""
    words = "".join(c if c.isalnum() else " " for c in text.lower()).split()
    last = max(1, len(words) - RUN_WORDS + 1)
    return [tuple(words[start : start + RUN_WORDS]) for start in range(last)]


def repeated(text: str, known: set[tuple[str, ...]]) -> float:
    """The share of a text's runs of five words that are known."""
    own = runs(text)
    return sum(run in known for run in own) / len(own)


def write_items(path: Path, verses: Verses, random: np.random.Generator) -> None:
    """Writes verses in the form in which they are judged, chapters numbered anew."""
    known, place = np.unique(verses.chapter, return_inverse=True)
    unit = random.permutation(len(known))[place]
    np.savez_compressed(path, input_text=np.array(verses.texts), unit=unit)
