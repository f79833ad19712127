"""The model that is submitted as `model.py`: each pixel by its surroundings, with boosted trees."""

from pathlib import Path

import joblib
import numpy as np
from scipy.ndimage import uniform_filter

SCALES = (3, 7, 15, 31)  # pixels of a surrounding square


def features(images: np.ndarray) -> np.ndarray:
    """Says of each pixel how it differs from what is around it.

    Returns:
        float32 [N * 64 * 64, F]: its colour, and at each scale how far its colour and that of its
        nearest neighbours are from the mean, and how much that varies.
    """
    colours = images.astype(np.float32) / 255
    near = uniform_filter(colours, (0, 3, 3, 0))
    parts = [colours, colours.max(axis=3, keepdims=True) - colours.min(axis=3, keepdims=True)]
    for scale in SCALES:
        size = (0, scale, scale, 0)
        mean = uniform_filter(colours, size)
        variance = np.maximum(uniform_filter(colours**2, size) - mean**2, 0)
        spread = np.sqrt(variance.sum(axis=3, keepdims=True))
        distance = np.linalg.norm(near - mean, axis=3, keepdims=True)
        parts += [colours - mean, distance, spread, distance / (spread + 0.02)]
    return np.concatenate(parts, axis=3).reshape(-1, sum(part.shape[3] for part in parts))


class Model:
    """What the judge calls."""

    def __init__(self, folder: Path) -> None:
        saved = joblib.load(folder / "trees.joblib")
        self.trees, self.threshold = saved["trees"], saved["threshold"]

    def predict(self, inputs: dict[str, np.ndarray]) -> np.ndarray:
        """Images uint8 [N, 64, 64, 3] -> masks uint8 [N, 64, 64]."""
        images = inputs["image"]
        parts = [images[start : start + 32] for start in range(0, len(images), 32)]
        return np.concatenate([self.probabilities(part) > self.threshold for part in parts]).astype(
            np.uint8
        )

    def probabilities(self, images: np.ndarray) -> np.ndarray:
        """The probability that each pixel belongs to a digit, [N, 64, 64], smoothed a little."""
        flat = self.trees.predict_proba(features(images))[:, 1]
        return uniform_filter(flat.reshape(images.shape[:3]), (0, 3, 3))
