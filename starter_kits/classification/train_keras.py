"""Trains the Keras baseline and writes submissions/keras.zip."""

import argparse
import os
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # these three before TensorFlow comes in
os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")
os.environ.setdefault("TF_NUM_INTEROP_THREADS", "1")

import keras
from keras import layers, ops

from data import Digits, load_practice, load_train, pack, report
from model_keras import Model

HERE = Path(__file__).parent
BATCH = 128


class Warp(layers.Layer):
    """Warps each image a little more, anew in each epoch, so the network never sees one twice.

    A 2x2 matrix near the identity rotates, shears and stretches, all at once.
    """

    def __init__(self) -> None:
        super().__init__()
        self.seed = keras.random.SeedGenerator()

    def call(self, images, training: bool = False):
        if not training:
            return images
        n = ops.shape(images)[0]
        matrices = ops.eye(2) + keras.random.uniform((n, 2, 2), -0.2, 0.2, seed=self.seed)
        shifts = keras.random.uniform((n, 2), -1.4, 1.4, seed=self.seed)  # pixels
        # Keras warps about the corner of an image. This moves it so that its centre stays.
        shifts += 13.5 - 13.5 * ops.sum(matrices, axis=2)
        rows = ops.concatenate([matrices, shifts[:, :, None]], axis=2)
        warps = ops.concatenate([ops.reshape(rows, (n, 6)), ops.zeros((n, 2))], axis=1)
        return ops.image.affine_transform(images, warps, data_format="channels_last")


def build() -> keras.Model:
    """Blocks of convolutions, each followed by a halving of the image, then one dense layer."""

    def convolution(filters: int) -> list[layers.Layer]:
        # Batch norm has its own bias, so the convolution needs none.
        return [
            layers.Conv2D(filters, 3, padding="same", use_bias=False),
            layers.BatchNormalization(momentum=0.9),
            layers.ReLU(),
        ]

    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            *convolution(16),
            layers.MaxPooling2D(),
            *convolution(32),
            *convolution(32),
            layers.MaxPooling2D(),
            *convolution(64),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dropout(0.5),
            layers.Dense(10, activation="softmax"),
        ]
    )


def train(digits: Digits, epochs: int) -> keras.Model:
    """Adam with a learning rate that falls to nothing along a cosine."""
    net = build()
    steps = epochs * -(-len(digits.labels) // BATCH)
    rate = keras.optimizers.schedules.CosineDecay(0.005, decay_steps=steps)
    # Warping is a part of training only: what is saved is the network without it.
    warped = keras.Sequential([Warp(), net])
    warped.compile(
        optimizer=keras.optimizers.Adam(rate),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    warped.fit(digits.images, digits.labels, batch_size=BATCH, epochs=epochs, verbose=2)
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
