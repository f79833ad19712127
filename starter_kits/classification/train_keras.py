"""Trains the Keras baseline and writes submissions/keras.zip."""

import argparse
import os
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # these three before TensorFlow comes in
os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")
os.environ.setdefault("TF_NUM_INTEROP_THREADS", "1")

import keras
from keras import layers

from data import Digits, load_practice, load_train, pack, report
from model_keras import Model

HERE = Path(__file__).parent
BATCH = 128


def build() -> keras.Model:
    """Two blocks of convolutions, each halving the image, then one dense layer.

    The first three layers warp each image a little more, anew in each epoch. They are part of the
    network that is saved, and do nothing when it predicts.
    """

    def convolution(filters: int) -> list[keras.Layer]:
        # Batch norm has its own bias, so the convolution needs none.
        return [
            layers.Conv2D(filters, 3, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.ReLU(),
        ]

    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.RandomRotation(8 / 360, fill_mode="constant"),
            layers.RandomZoom(0.08, 0.08, fill_mode="constant"),
            layers.RandomTranslation(0.04, 0.04, fill_mode="constant"),
            *convolution(16),
            *convolution(16),
            layers.MaxPooling2D(),
            *convolution(32),
            *convolution(32),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dropout(0.3),
            layers.Dense(10, activation="softmax"),
        ]
    )


def train(digits: Digits, epochs: int) -> keras.Model:
    """Adam with a learning rate that falls to nothing along a cosine."""
    net = build()
    steps = epochs * -(-len(digits.labels) // BATCH)
    rate = keras.optimizers.schedules.CosineDecay(0.005, decay_steps=steps)
    net.compile(
        optimizer=keras.optimizers.Adam(rate),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    net.fit(digits.images, digits.labels, batch_size=BATCH, epochs=epochs, verbose=2)
    return net


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=HERE / "data", help="folder with train.npz")
    parser.add_argument("--out", type=Path, default=HERE / "submissions", help="where to write")
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()

    keras.utils.set_random_seed(arguments.seed)
    net = train(load_train(arguments.data), arguments.epochs)

    weights = arguments.out / "keras" / "model.keras"
    weights.parent.mkdir(parents=True, exist_ok=True)
    net.save(weights)
    practice = load_practice(arguments.data)
    report(practice.labels, Model(weights.parent).predict({"images": practice.images}))
    pack(HERE / "model_keras.py", weights, arguments.out / "keras.zip")


if __name__ == "__main__":
    main()
