"""Loads the data that you downloaded, and packs a model for submission. NumPy is all it needs."""

import zipfile
from pathlib import Path
from typing import NamedTuple

import numpy as np

COLUMNS = (
    "hour_sin", "hour_cos", "weekday_sin", "weekday_cos", "month_sin", "month_cos",
    "holiday", "workingday", "cloudy", "rain",
    "temperature", "feels_like", "humidity", "windspeed",
)  # fmt: skip


class Hours(NamedTuple):
    """Hours with the bikes that were rented in them.

    features: float32 [N, 14], in the order of COLUMNS.
    rentals: float32 [N].
    block: int64 [N], which block of days an hour is of. Keep the hours of a block on one side when
        you hold some out: one hour tells much about the next, and about the same hour a day later.
    """

    features: np.ndarray
    rentals: np.ndarray
    block: np.ndarray


def load_train(folder: Path) -> Hours:
    """The hours to learn from."""
    with np.load(_find(folder, "train.npz")) as file:
        return Hours(file["features"], file["rentals"], file["block"])


def load_practice(folder: Path) -> Hours:
    """The practice sample: hours of other days, like those that you are judged on."""
    with np.load(_find(folder, "practice.npz")) as file:
        return Hours(file["input_features"], file["target"], file["unit"])


def rmse(rentals: np.ndarray, predictions: np.ndarray) -> float:
    """The competition's metric: the square root of the mean squared error. Smaller is better."""
    return float(np.sqrt(np.mean((predictions.astype(np.float64) - rentals) ** 2)))


def report(rentals: np.ndarray, predictions: np.ndarray) -> None:
    """Prints how good these predictions are."""
    off = np.abs(predictions.astype(np.float64) - rentals).mean()
    print(f"practice: RMSE {rmse(rentals, predictions):.1f}, on average {off:.1f} bikes off")


def pack(model_source: Path, weights: Path, submission: Path) -> None:
    """Zips a submission: the model's source as `model.py`, and its weights beside it."""
    with zipfile.ZipFile(submission, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(model_source, "model.py")
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
