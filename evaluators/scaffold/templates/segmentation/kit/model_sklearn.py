"""The model that is submitted as `model.py`: each pixel by its surroundings."""

from pathlib import Path

import joblib
import numpy as np
from scipy.ndimage import uniform_filter

SCALES = (3, 5, 11)  # pixels of a surrounding square


def features(images: np.ndarray) -> np.ndarray:
    """Says of each pixel which colours are around it, and how they differ from the image's mean.

    Returns:
        float32 [N * H * W, F].
    """
    colours = images.astype(np.float32) / 255
    mean = colours.mean(axis=(1, 2), keepdims=True)
    parts = [uniform_filter(colours, (0, scale, scale, 0)) for scale in SCALES]
    parts += [np.abs(part - mean) for part in parts]
    return np.concatenate(parts, axis=3).reshape(-1, 6 * len(SCALES))


class Model:
    """What the judge calls."""

    def __init__(self, folder: Path) -> None:
        self.trees = joblib.load(folder / "trees.joblib")

    def predict(self, inputs: dict[str, np.ndarray]) -> np.ndarray:
        """Images uint8 [N, 24, 24, 3] -> masks uint8 [N, 24, 24]."""
        images = inputs["image"]
        return self.trees.predict(features(images)).reshape(images.shape[:3]).astype(np.uint8)
