"""The model that is submitted as `model.py`: every pixel is called the object's."""

from pathlib import Path

import numpy as np


class Model:
    """What the judge calls."""

    def __init__(self, folder: Path) -> None:
        """There is nothing to load."""

    def predict(self, inputs: dict[str, np.ndarray]) -> np.ndarray:
        """Images uint8 [N, 24, 24, 3] -> masks uint8 [N, 24, 24]."""
        return np.ones(inputs["image"].shape[:3], np.uint8)
