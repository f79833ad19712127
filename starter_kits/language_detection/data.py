"""Loads the data that you downloaded, and packs a model for submission. NumPy is all it needs."""

import zipfile
from pathlib import Path
from typing import NamedTuple

import numpy as np

LANGUAGES = (
    "ar", "be", "bg", "ca", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi", "fr", "gl", "hr",
    "hu", "it", "ja", "ko", "lt", "lv", "nb", "nl", "pl", "pt", "ro", "ru", "sk", "sl", "sv", "tr",
    "uk", "zh",
)  # fmt: skip
LENGTHS = ("1-10", "11-20", "21-50", "51-100", "101-160")  # characters


class Texts(NamedTuple):
    """Texts with their languages.

    text: str [N].
    language: int64 [N], an index into LANGUAGES.
    message: int64 [N], which English message a text says, or is cut out of. Keep what is of one
        message on one side when you hold some out: fragments repeat their text's words.
    """

    text: np.ndarray
    language: np.ndarray
    message: np.ndarray


def load_train(folder: Path) -> Texts:
    """The texts to learn from."""
    with np.load(_find(folder, "train.npz")) as file:
        return Texts(file["text"], file["target"], file["message"])


def load_practice(folder: Path) -> Texts:
    """The practice sample: texts of other messages, like those that you are judged on."""
    with np.load(_find(folder, "practice.npz")) as file:
        return Texts(file["input_text"], file["target"], file["unit"])


def lengths(text: np.ndarray) -> np.ndarray:
    """Says which of LENGTHS a text has: int64 [N]."""
    return np.searchsorted([10, 20, 50, 100], np.char.str_len(text))


def accuracies(texts: Texts, probabilities: np.ndarray) -> np.ndarray:
    """Share of right answers for each length and language.

    Returns:
        float64 [5, 34], NaN where there are no texts.
    """
    right = np.argmax(probabilities, axis=1) == texts.language
    cell = lengths(texts.text) * len(LANGUAGES) + texts.language
    size = len(LENGTHS) * len(LANGUAGES)
    hits, all_of_it = np.bincount(cell, right, size), np.bincount(cell, minlength=size)
    with np.errstate(invalid="ignore"):
        return (hits / all_of_it).reshape(len(LENGTHS), len(LANGUAGES))


def macro_accuracy(texts: Texts, probabilities: np.ndarray) -> float:
    """The competition's metric: mean over lengths of the mean over languages. Larger is better."""
    table = accuracies(texts, probabilities)
    return float(np.mean([np.nanmean(row) for row in table if not np.isnan(row).all()]))


def report(texts: Texts, probabilities: np.ndarray) -> None:
    """Prints how good these probabilities are, in all and for each length."""
    table = accuracies(texts, probabilities)
    for name, row in zip(LENGTHS, table, strict=True):
        if not np.isnan(row).all():
            print(f"{name:>9} characters: {np.nanmean(row):.1%} right")
    print(f"practice: macro accuracy {macro_accuracy(texts, probabilities):.4f}")


def pack(model_source: Path, weights: Path | None, submission: Path, *beside: Path) -> None:
    """Zips a submission: the model's source as `model.py`, its weights and more files beside it."""
    with zipfile.ZipFile(submission, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(model_source, "model.py")
        for path in (weights, *beside):
            if path is not None:
                archive.write(path, path.name)
    print(f"wrote {submission} ({submission.stat().st_size / 1e6:.1f} MB)")


def _find(folder: Path, name: str) -> Path:
    path = Path(folder) / name
    if not path.is_file():
        raise SystemExit(
            f"{path} is missing: download the competition's data and unpack it into {folder}/, "
            "or say with --data where it lies."
        )
    return path
