"""Loads the data that you downloaded, and packs a model for submission. NumPy is all it needs."""

import zipfile
from pathlib import Path
from typing import NamedTuple

import numpy as np


class Digits(NamedTuple):
    """Images with what they show.

    images: float32 [N, 28, 28, 1], grey values from 0 (paper) to 1 (ink).
    labels: int64 [N], the digits.
    original: int64 [N], which handwritten original each image was warped from. Keep the images of
        one original on one side when you hold some out: the model knows the others' siblings.
    """

    images: np.ndarray
    labels: np.ndarray
    original: np.ndarray


def load_train(folder: Path) -> Digits:
    """The images to learn from."""
    with np.load(_find(folder, "train.npz")) as file:
        return Digits(file["images"], file["labels"], file["original"])


def load_practice(folder: Path) -> Digits:
    """The practice sample: images of other originals, like those that you are judged on."""
    with np.load(_find(folder, "practice.npz")) as file:
        return Digits(file["input_images"], file["target"], file["unit"])


def log_loss(labels: np.ndarray, probabilities: np.ndarray) -> float:
    """The competition's metric: the mean of -ln p of the true digit. Smaller is better."""
    probabilities = np.asarray(probabilities, np.float64)
    probabilities = probabilities / probabilities.sum(axis=1, keepdims=True)
    return float(-np.log(probabilities[np.arange(len(labels)), labels].clip(1e-7)).mean())


def report(labels: np.ndarray, probabilities: np.ndarray) -> None:
    """Prints how good these probabilities are."""
    right = (np.argmax(probabilities, axis=1) == labels).mean()
    print(f"practice: log loss {log_loss(labels, probabilities):.4f}, {right:.1%} right")


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
