"""The model that is submitted as `model.py`: a scikit-learn pipeline."""

from pathlib import Path

import joblib
import numpy as np


class Model:
    """What the judge calls."""

    def __init__(self, folder: Path) -> None:
        self.pipeline = joblib.load(folder / "pipeline.joblib")

    def predict(self, inputs: dict[str, np.ndarray]) -> np.ndarray:
        """Texts [N] -> probabilities [N, 3]."""
        return self.pipeline.predict_proba(inputs["text"]).astype(np.float32)
