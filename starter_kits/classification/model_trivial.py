"""The least that can be submitted as `model.py`: it has no idea, and says so."""

from pathlib import Path

import numpy as np


class Model:
    """What the judge calls."""

    def __init__(self, folder: Path) -> None:
        pass  # nothing to load

    def predict(self, inputs: dict[str, np.ndarray]) -> np.ndarray:
        """Images [N, 28, 28, 1] -> probabilities [N, 10], all of them one in ten."""
        return np.full((len(inputs["images"]), 10), 0.1, np.float32)
