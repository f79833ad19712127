"""The model that is submitted as `model.py`: loads the Keras network that was saved beside it."""

import os
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # before TensorFlow comes in with Keras

import keras
import numpy as np


class Model:
    """What the judge calls."""

    def __init__(self, folder: Path) -> None:
        self.net = keras.saving.load_model(folder / "model.keras", compile=False)

    def predict(self, inputs: dict[str, np.ndarray]) -> np.ndarray:
        """Features [N, 14] -> rentals [N], none of them below 0."""
        answers = self.net.predict(inputs["features"], batch_size=512, verbose=0)
        return answers[:, 0].clip(0)  # Keras answers with a column: [N, 1]
