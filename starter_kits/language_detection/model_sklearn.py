"""The model that is submitted as `model.py`: a scikit-learn pipeline, from texts to probabilities.

The pipeline needs nothing else, so `pipeline.joblib` alone could be submitted as well.
"""

from pathlib import Path

import joblib
import numpy as np

LANGUAGES = 34


class Model:
    """What the judge calls."""

    def __init__(self, folder: Path) -> None:
        self.pipeline = joblib.load(folder / "pipeline.joblib")

    def predict(self, inputs: dict[str, np.ndarray]) -> np.ndarray:
        """Texts [N] -> probabilities [N, 34]; a language that it never saw has none."""
        probabilities = np.zeros((len(inputs["text"]), LANGUAGES), np.float32)
        probabilities[:, self.pipeline.classes_] = self.pipeline.predict_proba(inputs["text"])
        return probabilities
