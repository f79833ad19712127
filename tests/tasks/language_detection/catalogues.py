"""Catalogues of made-up words, each at home in one message of one language, and the task's code."""

import importlib.util
import itertools
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

import numpy as np

from evaluators.runner.seed import Seed
from tests.digits import ROOT

TASK = ROOT / "tasks" / "language_detection"
MESSAGES = 200
# The folders' languages, and letters of which their words are made.
LETTERS = {"en": "abdefgilmnorstu", "cs": "aáčdeéěhiklmnořsštu", "sk_SK": "aáäčdeéilľmnoôrstú",
           "uk": "абвгдеєжзиіїклмнопрст"}  # fmt: skip
HEADER = 'msgid ""\nmsgstr ""\n"Language: {language}\\n"\n\n'


class ChangedSeed(Seed):
    """A seed that gives another generator for one purpose."""

    def __init__(self, secret: bytes, changed: str) -> None:
        super().__init__(secret)
        self.changed = changed

    def stream(self, purpose: str) -> np.random.Generator:
        return super().stream(f"{purpose}, changed" if purpose == self.changed else purpose)


def task_code() -> ModuleType:
    """The task's prepare.py as a module."""
    spec = importlib.util.spec_from_file_location("prepare_languages", TASK / "prepare.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def words(language: str, count: int) -> list[str]:
    """Words that differ from each other, three to nine letters long."""
    random = np.random.default_rng(sum(map(ord, language)))
    letters = list(LETTERS[language])
    made = ("".join(random.choice(letters, random.integers(3, 10))) for _ in itertools.count())
    return list(itertools.islice(dict.fromkeys(itertools.islice(made, 3 * count)), count))


def messages(language: str) -> list[str]:
    """What each message is in a language: two to twenty words that are in no other message."""
    lengths = [2 + 3 * (i % 7) for i in range(MESSAGES)]
    supply = iter(words(language, sum(lengths)))
    return [" ".join(itertools.islice(supply, length)) for length in lengths]


def catalogue_write(folder: Path, language: str, entries: Mapping[str, str]) -> None:
    path = folder / "program" / "locale" / language / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    body = "".join(f'msgid "{key}"\nmsgstr "{value}"\n\n' for key, value in entries.items())
    path.write_text(HEADER.format(language=language) + body, encoding="utf-8")


def raw_write(folder: Path, extra: Mapping[str, Mapping[str, str]] | None = None) -> None:
    """Writes a catalogue for each language.

    Args:
        folder: where to.
        extra: by language, more messages and their translations.
    """
    english = messages("en")
    for language in LETTERS.keys() - {"en"}:
        entries = dict(zip(english, messages(language), strict=True))
        catalogue_write(folder, language, entries | dict((extra or {}).get(language, {})))
