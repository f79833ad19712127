"""The least that can be submitted as `model.py`: it looks at nothing."""

import json
from pathlib import Path

import numpy as np


class Model:
    """What the judge calls."""

    def __init__(self, folder: Path) -> None:
        self.mean = json.loads((folder / "mean.json").read_text())

    def predict(self, inputs: dict[str, np.ndarray]) -> np.ndarray:
        """Features [N, 5] -> values [N], all of them the mean."""
        return np.full(len(inputs["features"]), self.mean, np.float32)
