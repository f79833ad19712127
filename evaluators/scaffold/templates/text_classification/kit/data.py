"""Loads the data that you downloaded, and packs a model for submission. NumPy is all it needs."""

import zipfile
from pathlib import Path
from typing import NamedTuple

import numpy as np


class Items(NamedTuple):
    """Texts with their classes.

    text: str [N].
    target: int64 [N], the number of each text's class.
    unit: int64 [N], which document a text is of. Keep those of one document on one side when you
        hold some out.
    """

    text: np.ndarray
    target: np.ndarray
    unit: np.ndarray


def load_train(folder: Path) -> Items:
    """What there is to learn from."""
    with np.load(_find(folder, "train.npz")) as file:
        return Items(file["text"], file["target"], file["unit"])


def load_practice(folder: Path) -> Items:
    """The practice sample: texts of other documents, like those that you are judged on."""
    with np.load(_find(folder, "practice.npz")) as file:
        return Items(file["input_text"], file["target"], file["unit"])


def log_loss(target: np.ndarray, probabilities: np.ndarray) -> float:
    """The competition's metric: the mean of -ln p of the true class. Smaller is better."""
    probabilities = np.asarray(probabilities, np.float64)
    probabilities = probabilities / probabilities.sum(axis=1, keepdims=True)
    return float(-np.log(probabilities[np.arange(len(target)), target].clip(1e-7)).mean())


def report(target: np.ndarray, probabilities: np.ndarray) -> None:
    """Prints how good these probabilities are."""
    right = (np.argmax(probabilities, axis=1) == target).mean()
    print(f"practice: log loss {log_loss(target, probabilities):.4f}, {right:.1%} right")


def pack(model_source: Path, weights: Path | None, submission: Path) -> None:
    """Zips a submission: the model's source as `model.py`, and its weights beside it."""
    with zipfile.ZipFile(submission, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(model_source, "model.py")
        if weights is not None:
            archive.write(weights, weights.name)
    print(f"wrote {submission} ({submission.stat().st_size / 1e6:.1f} MB)")


def _find(folder: Path, name: str) -> Path:
    path = Path(folder) / name
    if not path.is_file():
        raise SystemExit(
            f"{path} is missing: download the competition's data and unpack it into {folder}/, "
            "or say with --data where it lies."
        )
    return path
