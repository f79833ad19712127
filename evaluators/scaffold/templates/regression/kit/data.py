"""Loads the data that you downloaded, and packs a model for submission. NumPy is all it needs."""

import zipfile
from pathlib import Path
from typing import NamedTuple

import numpy as np


class Items(NamedTuple):
    """Items with their values.

    features: float32 [N, 5].
    target: float32 [N].
    unit: int64 [N], which person an item is of. Keep those of one person on one side when you hold
        some out.
    """

    features: np.ndarray
    target: np.ndarray
    unit: np.ndarray


def load_train(folder: Path) -> Items:
    """What there is to learn from."""
    with np.load(_find(folder, "train.npz")) as file:
        return Items(file["features"], file["target"], file["unit"])


def load_practice(folder: Path) -> Items:
    """The practice sample: other persons, like those that you are judged on."""
    with np.load(_find(folder, "practice.npz")) as file:
        return Items(file["input_features"], file["target"], file["unit"])


def rmse(target: np.ndarray, predictions: np.ndarray) -> float:
    """The competition's metric: the square root of the mean squared error. Smaller is better."""
    return float(np.sqrt(np.mean((predictions.astype(np.float64) - target) ** 2)))


def report(target: np.ndarray, predictions: np.ndarray) -> None:
    """Prints how good these predictions are."""
    print(f"practice: RMSE {rmse(target, predictions):.4f}")


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
