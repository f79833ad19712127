"""Loads the data that you downloaded, and packs a model for submission. NumPy is all it needs."""

import zipfile
from pathlib import Path
from typing import NamedTuple

import numpy as np


class Items(NamedTuple):
    """Images, and where their objects are.

    images: uint8 [N, 24, 24, 3], red, green and blue from 0 to 255.
    masks: uint8 [N, 24, 24], 1 where the object is.
    """

    images: np.ndarray
    masks: np.ndarray


def load_train(folder: Path) -> Items:
    """The images to learn from."""
    with np.load(_find(folder, "train.npz")) as file:
        return Items(file["image"], file["target"])


def load_practice(folder: Path) -> Items:
    """The practice sample: other images, like those that you are judged on."""
    with np.load(_find(folder, "practice.npz")) as file:
        return Items(file["input_image"], file["target"])


def mean_iou(masks: np.ndarray, found: np.ndarray) -> float:
    """The competition's metric: the mean over images of intersection by union. Larger is better."""
    true, own = (array.reshape(len(array), -1) != 0 for array in (masks, found))
    shared, either = (true & own).sum(axis=1), (true | own).sum(axis=1)
    return float(np.where(either > 0, shared / np.maximum(either, 1), 1.0).mean())


def report(masks: np.ndarray, found: np.ndarray) -> None:
    """Prints how good these masks are."""
    share = found.mean() / masks.mean()
    print(
        f"practice: mean IoU {mean_iou(masks, found):.4f}, {share:.0%} of the pixels there are",
        flush=True,
    )


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
