"""The model that is submitted as `model.py`: a recurrent network over bytes in Keras."""

import os
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import keras
import numpy as np

from data import SYMBOLS, draw

HIDDEN = 192


def network() -> keras.Model:
    """A network that reads symbols [N, T] from a state [N, H]: logits [N, T, 257] and a state."""
    symbols = keras.Input((None,), dtype="int32")
    state = keras.Input((HIDDEN,))
    vectors = keras.layers.Embedding(SYMBOLS, 64)(symbols)
    gru = keras.layers.GRU(HIDDEN, return_sequences=True, return_state=True)
    outputs, after = gru(vectors, initial_state=state)
    logits = keras.layers.Dense(SYMBOLS)(outputs)
    return keras.Model([symbols, state], [logits, after])


class Model:
    """What the judge calls."""

    def __init__(self, folder: Path) -> None:
        self.net = keras.saving.load_model(folder / "model.keras", compile=False)

    def start(self, batch_size: int) -> np.ndarray:
        """The state of so many documents, [B, H]."""
        return np.zeros((batch_size, HIDDEN), np.float32)

    def step(self, state: np.ndarray, symbols: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Previous symbols uint16 [B] -> log-probabilities float32 [B, 257] of the next ones."""
        # `predict` would cost 38 ms a call.
        logits, state = self.net.predict_on_batch([symbols[:, None].astype(np.int32), state])
        logits = logits[:, 0] - logits[:, 0].max(axis=1, keepdims=True)
        return logits - np.log(np.exp(logits).sum(axis=1, keepdims=True)), state

    def sample(self, seed: int, n: int) -> list[str]:
        """Draws n texts."""
        return draw(self, seed, n)
