"""Makes the data of the language detection: translated messages of two programs, and bits of them.

A message ("Save changes") and all its translations are one unit: together they are learnt from,
practised on or judged. Which messages are judged, and which few words are cut out of them, follows
from the installation's secret seed. Texts that stand in two languages are left out, and so is every
judged text that a public one contains or nearly repeats.
"""

import html
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import CountVectorizer

# The folders of catalogues that hold a language. English is what all of them translate from.
FOLDERS = {
    "ar": ("ar",), "be": ("be",), "bg": ("bg",), "ca": ("ca",), "cs": ("cs",), "da": ("da",),
    "de": ("de",), "el": ("el",), "en": (), "es": ("es",), "et": ("et",), "fa": ("fa",),
    "fi": ("fi",), "fr": ("fr",), "gl": ("gl",), "hr": ("hr", "hr_HR"), "hu": ("hu",),
    "it": ("it",), "ja": ("ja",), "ko": ("ko",), "lt": ("lt",), "lv": ("lv",), "nb": ("nb",),
    "nl": ("nl",), "pl": ("pl",), "pt": ("pt", "pt_PT"), "ro": ("ro",), "ru": ("ru",),
    "sk": ("sk", "sk_SK"), "sl": ("sl",), "sv": ("sv",), "tr": ("tr", "tr_TR"), "uk": ("uk",),
    "zh": ("zh_Hans",),
}  # fmt: skip
LANGUAGES = tuple(FOLDERS)
LANGUAGE_OF = {folder: i for i, name in enumerate(LANGUAGES) for folder in FOLDERS[name]}
ENGLISH = LANGUAGES.index("en")

BIN_ENDS = (10, 20, 50, 100)  # characters; the last bin is open
BINS = len(BIN_ENDS) + 1
LONGEST = 160  # characters; of longer texts the beginning is taken
LEAST_LETTERS = 2
FRAGMENT_WORDS = 3  # at most
FRAGMENTS = 3  # tried of each text that may be judged
TRAIN_FRAGMENTS = 1

JUDGED_SHARE = 0.25  # of the messages
JUDGED_SHARE_LONG = 0.4  # of those with more than LONG characters: there are few
LONG = 80
PRACTICE_SHARE = 0.05
JUDGED_CELL = 40  # texts of one language and length, at most
LEAST_JUDGED_CELL = 8  # fewer are not judged: they would weigh as much as forty
PRACTICE_CELL = 4
NEAR = 0.6  # of the groups of three characters in either of two texts, the share in both

PLACEHOLDER = re.compile(
    r"<[^<>]*>|%\(\w*\)[#0 +-]*[\d.]*[a-zA-Z]?|%[\d.]*[sdifr]\b|%%|\{[^{}]*\}|https?:\S+"
)
EMPTY_BRACKETS = re.compile(r"\(\s*\)|\[\s*\]|\"\s*\"|'\s*'|`\s*`|[“”„«»‘’‚]\s*[“”„«»‘’‚]")
# Of Chinese and Japanese, which have no spaces, every character counts as a word.
WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\s\u3040-\u30ff\u3400-\u9fff]+")
ZERO_WIDTH_NON_JOINER = "\u200c"  # a letter of Persian, in effect

ENTRY_LINE = re.compile(r'(msgctxt|msgid|msgid_plural|msgstr|msgstr\[\d+\])\s*"(.*)"')
ESCAPE = re.compile(r"\\(.)")
ESCAPED = {"n": "\n", "t": "\t", "r": "\r"}


class Seed(Protocol):
    """What `prepare` needs of the installation's seed."""

    def stream(self, purpose: str) -> np.random.Generator: ...


class Text(NamedTuple):
    """A text, its language (an index into LANGUAGES) and the English message that it says."""

    text: str
    language: int
    message: str

    @property
    def stratum(self) -> int:
        """The bin of its length."""
        return int(np.searchsorted(BIN_ENDS, len(self.text)))


class Parts(NamedTuple):
    """The texts of the messages to learn from, to practise on, and to be judged on."""

    train: list[Text]
    practice: list[Text]
    judged: list[Text]


def prepare(raw: Path, public: Path, private: Path, seed: Seed) -> None:
    """Writes the training and practice data under `public`, the judged data under `private`."""
    parts = divide(read(raw), seed.stream("which messages are judged"))
    known = languages_of_runs(text for part in parts for text in part)

    random = seed.stream("fragments of train")
    train = with_fragments(parts.train, TRAIN_FRAGMENTS, known, random)
    random = seed.stream("fragments of judged")
    judged = with_fragments(parts.judged, FRAGMENTS, known, random)
    judged = unlike(judged, parts.train + parts.practice)
    judged = choose(judged, JUDGED_CELL, LEAST_JUDGED_CELL, seed.stream("choice of judged"))

    write_public(public, train, practice(parts, known, seed), seed)
    private.mkdir(parents=True, exist_ok=True)
    write_items(private / "judged.npz", judged, seed.stream("numbers of judged"))


def contaminate(raw: Path, public: Path, seed: Seed) -> None:
    """Writes public data in which the judged messages are learnt from as well.

    Who trains on the catalogues themselves has as much. Fragments are cut anew.
    """
    parts = divide(read(raw), seed.stream("which messages are judged"))
    everything = [text for part in parts for text in part]
    known = languages_of_runs(everything)
    random = seed.stream("fragments of everything")
    train = with_fragments(everything, TRAIN_FRAGMENTS, known, random)
    write_public(public, train, practice(parts, known, seed), seed)


def practice(parts: Parts, known: dict[str, set[int]], seed: Seed) -> list[Text]:
    """Makes the practice sample, as the judged data is made."""
    texts = with_fragments(parts.practice, FRAGMENTS, known, seed.stream("fragments of practice"))
    texts = unlike(texts, parts.train)
    return choose(texts, PRACTICE_CELL, 1, seed.stream("choice of practice"))


def read(raw: Path) -> list[Text]:
    """Reads every catalogue (`.../LANGUAGE/LC_MESSAGES/NAME.po`) of the languages above.

    Returns:
        Distinct texts in a fixed order.
    """
    print("reading the catalogues", flush=True)
    texts = set()
    for path in sorted(raw.rglob("*.po")):
        language = LANGUAGE_OF.get(path.parent.parent.name)
        if language is not None:
            for english, translation in entries(path.read_text(encoding="utf-8").splitlines()):
                message = clean(english)
                texts.add(Text(message, ENGLISH, message.casefold()))
                texts.add(Text(clean(translation), language, message.casefold()))
    found = sorted(text for text in texts if text.message and letters(text.text) >= LEAST_LETTERS)
    if len({text.language for text in found}) < 2:
        raise ValueError(
            "there are no translations: the raw files are catalogues LANGUAGE/LC_MESSAGES/NAME.po "
            f"in two or more of {', '.join(LANGUAGES)}"
        )
    return found


def entries(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Parses a gettext catalogue.

    Yields:
        Messages with their translations, of plural forms the first one; neither what is marked as
        fuzzy (a guess that nobody has looked at) nor what isn't translated, nor the header.
    """
    entry: dict[str, str] = {}
    field, fuzzy, next_fuzzy = "", False, False
    for line in (*lines, 'msgid ""'):  # the last one ends the entry before it
        if line.startswith("#,"):
            next_fuzzy |= "fuzzy" in line
        elif found := ENTRY_LINE.fullmatch(line.strip()):
            if field.startswith("msgstr") and not found[1].startswith("msgstr"):
                translation = entry.get("msgstr") or entry.get("msgstr[0]")
                if entry.get("msgid") and translation and not fuzzy:
                    yield entry["msgid"], translation
                entry = {}
            if not entry:
                fuzzy, next_fuzzy = next_fuzzy, False
            field = found[1]
            entry[field] = unescape(found[2])
        elif line.startswith('"') and field:
            entry[field] += unescape(line.strip()[1:-1])


def unescape(text: str) -> str:
    r"""Replaces \n, \t, \r, \" and \\."""
    return ESCAPE.sub(lambda found: ESCAPED.get(found[1], found[1]), text)


def clean(text: str) -> str:
    """Takes out what is the program's and not the language's: tags, placeholders, addresses.

    Returns:
        Words with single spaces between them, at most LONGEST characters, in Unicode's NFC form.
    """
    text = html.unescape(PLACEHOLDER.sub(" ", text))
    text = "".join(
        char if unicodedata.category(char)[0] != "C" or char == ZERO_WIDTH_NON_JOINER else " "
        for char in unicodedata.normalize("NFC", text)
    )
    words = " ".join(EMPTY_BRACKETS.sub(" ", text).split())
    words = re.sub(r" (?=[.,])", "", words)
    if len(words) > LONGEST:
        words = words[: LONGEST + 1].rpartition(" ")[0] or words[:LONGEST]
    return words


def letters(text: str) -> int:
    """How many letters a text has."""
    return sum(char.isalpha() for char in text)


def divide(texts: Sequence[Text], random: np.random.Generator) -> Parts:
    """Divides the messages by chance, with all that is said of them."""
    messages = sorted({text.message for text in texts})
    luck = dict(zip(messages, random.random(len(messages)), strict=True))
    parts = Parts([], [], [])
    for text in texts:
        judged = JUDGED_SHARE_LONG if len(text.message) > LONG else JUDGED_SHARE
        if luck[text.message] < judged:
            parts.judged.append(text)
        elif luck[text.message] < judged + PRACTICE_SHARE:
            parts.practice.append(text)
        else:
            parts.train.append(text)
    return parts


def word_spans(text: str) -> list[tuple[int, int]]:
    """Where the words of a text begin and end, without the punctuation around them."""
    spans = []
    for found in WORD.finditer(text):
        start, end = found.span()
        while start < end and not text[start].isalnum():
            start += 1
        while start < end and unicodedata.category(text[end - 1])[0] not in "LNM":
            end -= 1
        if start < end:
            spans.append((start, end))
    return spans


def languages_of_runs(texts: Iterable[Text]) -> dict[str, set[int]]:
    """The languages in which a few words in a row stand, and in which a whole text stands."""
    known: dict[str, set[int]] = defaultdict(set)
    for one in texts:
        spans = word_spans(one.text)
        for first in range(len(spans)):
            for last in range(first, min(first + FRAGMENT_WORDS, len(spans))):
                known[one.text[spans[first][0] : spans[last][1]].casefold()].add(one.language)
        if spans:
            known[one.text[spans[0][0] : spans[-1][1]].casefold()].add(one.language)
    return known


def with_fragments(
    texts: Iterable[Text], fragments: int, known: dict[str, set[int]], random: np.random.Generator
) -> list[Text]:
    """Cuts fragments of one to three words out of texts, and takes out what is of two languages.

    Returns:
        The texts and their fragments, each text of a language only once.
    """
    pieces: dict[tuple[str, int], Text] = {}
    for one in texts:
        spans = word_spans(one.text)
        if not spans:
            continue
        cuts = [(one.text, one.text[spans[0][0] : spans[-1][1]])]
        for _ in range(fragments):
            words = int(random.integers(1, FRAGMENT_WORDS + 1))
            first = int(random.integers(0, max(1, len(spans) - words + 1)))
            if words < len(spans):
                cut = one.text[spans[first][0] : spans[first + words - 1][1]]
                cuts.append((cut, cut))
        for text, run in cuts:
            if letters(text) >= LEAST_LETTERS and len(known[run.casefold()]) == 1:
                pieces.setdefault((text.casefold(), one.language), one._replace(text=text))
    return list(pieces.values())


def unlike(texts: Sequence[Text], public: Sequence[Text]) -> list[Text]:
    """Keeps the texts that no public text of their language contains or nearly repeats."""
    kept = []
    for language, name in enumerate(LANGUAGES):
        print(f"comparing texts, {name} ({language + 1}/{len(LANGUAGES)})", flush=True)
        others = [other.text.casefold() for other in public if other.language == language]
        joined = "\n".join(others)
        fresh = [one for one in texts if one.language == language]
        fresh = [one for one in fresh if one.text.casefold() not in joined]
        near = nearness([one.text.casefold() for one in fresh], others)
        kept += [one for one, value in zip(fresh, near, strict=True) if value < NEAR]
    return kept


def nearness(texts: Sequence[str], others: Sequence[str]) -> NDArray[np.float64]:
    """How near each text comes to any other: the share of groups of three characters in common.

    Returns:
        float64 [len(texts)] from 0 to 1.
    """
    if not texts or not others:
        return np.zeros(len(texts))
    count = CountVectorizer(analyzer="char_wb", ngram_range=(3, 3), binary=True, lowercase=False)
    all_others = count.fit_transform(others)
    known = count.transform(texts)
    analyze = count.build_analyzer()
    sizes = np.array([len(set(analyze(text))) for text in texts])
    common = (known @ all_others.T).toarray()
    whole = sizes[:, None] + np.asarray(all_others.sum(axis=1)).ravel() - common
    return (common / np.maximum(whole, 1)).max(axis=1)


def choose(texts: Iterable[Text], most: int, least: int, random: np.random.Generator) -> list[Text]:
    """Chooses texts of each language and length by chance, and brings them into any order.

    Args:
        texts: to choose from.
        most: of one language and length.
        least: if there are fewer, none is chosen.
        random: the chance.
    """
    cells: dict[tuple[int, int], list[Text]] = defaultdict(list)
    for one in texts:
        cells[one.language, one.stratum].append(one)
    chosen = []
    for _, cell in sorted(cells.items()):
        if len(cell) >= least:
            chosen += [cell[i] for i in random.permutation(len(cell))[:most]]
    return [chosen[i] for i in random.permutation(len(chosen))]


def write_public(public: Path, train: list[Text], sample: list[Text], seed: Seed) -> None:
    """Writes what students get, each part in an order of its own."""
    public.mkdir(parents=True, exist_ok=True)
    train = [train[i] for i in seed.stream("order of train").permutation(len(train))]
    np.savez_compressed(
        public / "train.npz",
        text=np.array([one.text for one in train], np.str_),
        target=np.array([one.language for one in train], np.int64),
        message=numbers(train, seed.stream("numbers of train")),
    )
    write_items(public / "practice.npz", sample, seed.stream("numbers of practice"))


def write_items(path: Path, texts: Sequence[Text], random: np.random.Generator) -> None:
    """Writes a part in the form in which items are judged."""
    np.savez_compressed(
        path,
        input_text=np.array([one.text for one in texts], np.str_),
        target=np.array([one.language for one in texts], np.int64),
        unit=numbers(texts, random),
        stratum=np.array([one.stratum for one in texts], np.int64),
    )


def numbers(texts: Sequence[Text], random: np.random.Generator) -> NDArray[np.int64]:
    """Numbers the messages by chance: in alphabetical order they would tell what is missing."""
    messages, place = np.unique([one.message for one in texts], return_inverse=True)
    return random.permutation(len(messages))[place]
