"""The model that is submitted as `model.py`: loads the Keras network that was saved beside it."""

import os
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # before TensorFlow comes in with Keras

import keras
import numpy as np

from ngrams import ngrams, trim


class Model:
    """What the judge calls."""

    def __init__(self, folder: Path) -> None:
        self.net = keras.saving.load_model(folder / "model.keras", compile=False)

    def predict(self, inputs: dict[str, np.ndarray]) -> np.ndarray:
        """Texts [N] -> probabilities [N, 34]."""
        numbers = trim(ngrams(inputs["text"]))
        return self.net.predict(numbers, batch_size=256, verbose=0)
