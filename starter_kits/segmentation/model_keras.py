"""The model that is submitted as `model.py`: a small U-Net in Keras."""

import os
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "1"  # convolutions take a quarter of the time

import keras
import numpy as np
from keras import layers


def convolutions(values: keras.KerasTensor, channels: int) -> keras.KerasTensor:
    """Two 3x3 convolutions that keep the size. Batch norm has its own bias, so none is needed."""
    for _ in range(2):
        values = layers.Conv2D(channels, 3, padding="same", use_bias=False)(values)
        values = layers.ReLU()(layers.BatchNormalization(momentum=0.9)(values))
    return values


def network() -> keras.Model:
    """Down to small images that see much, and up again with what the large ones saw in detail.

    Images [N, 64, 64, 3] of 0..255 -> logits [N, 64, 64, 1].
    """
    images = keras.Input((64, 64, 3))
    values, seen = layers.Rescaling(1 / 255)(images), []
    for channels in (8, 16, 32):
        values = convolutions(values, channels)
        seen.append(values)
        values = layers.MaxPooling2D()(values)
    values = convolutions(values, 48)
    for before in reversed(seen):
        larger = layers.UpSampling2D(interpolation="bilinear")(values)
        values = convolutions(layers.Concatenate()([larger, before]), before.shape[-1])
    return keras.Model(images, layers.Conv2D(1, 1)(values))


class Model:
    """What the judge calls."""

    def __init__(self, folder: Path) -> None:
        self.net = keras.saving.load_model(folder / "model.keras", compile=False)

    def predict(self, inputs: dict[str, np.ndarray]) -> np.ndarray:
        """Images uint8 [N, 64, 64, 3] -> masks uint8 [N, 64, 64]."""
        images = inputs["image"].astype(np.float32)
        parts = [images[start : start + 64] for start in range(0, len(images), 64)]
        logits = np.concatenate([self.net.predict_on_batch(part)[..., 0] for part in parts])
        return (logits > 0).astype(np.uint8)
