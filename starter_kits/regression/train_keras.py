"""Trains the Keras baseline and writes submissions/keras.zip."""

import argparse
import os
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # these three before TensorFlow comes in
os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")
os.environ.setdefault("TF_NUM_INTEROP_THREADS", "1")

import keras
from keras import layers

from data import Hours, load_practice, load_train, pack, report
from model_keras import Model

HERE = Path(__file__).parent
BATCH = 64


def build(hours: Hours) -> keras.Model:
    """Three dense layers. The first and the last layer keep the scales of the training data."""
    normalize = layers.Normalization()
    normalize.adapt(hours.features)
    return keras.Sequential(
        [
            keras.Input((14,)),
            normalize,
            layers.Dense(128, activation="silu"),
            layers.Dropout(0.1),
            layers.Dense(128, activation="silu"),
            layers.Dropout(0.1),
            layers.Dense(1),
            layers.Rescaling(float(hours.rentals.std())),
        ]
    )


def train(hours: Hours, epochs: int) -> keras.Model:
    """AdamW with a learning rate that rises, then falls to nothing along a cosine."""
    net = build(hours)
    steps = epochs * -(-len(hours.rentals) // BATCH)
    rate = keras.optimizers.schedules.CosineDecay(
        0.0005, decay_steps=steps * 3 // 4, warmup_target=0.01, warmup_steps=steps // 4
    )
    net.compile(
        optimizer=keras.optimizers.AdamW(rate, weight_decay=0.01),
        loss="mse",
        metrics=[keras.metrics.RootMeanSquaredError(name="rmse")],
    )
    net.fit(hours.features, hours.rentals, batch_size=BATCH, epochs=epochs, verbose=2)
    return net


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=HERE / "data", help="folder with train.npz")
    parser.add_argument("--out", type=Path, default=HERE / "submissions", help="where to write")
    parser.add_argument("--epochs", type=int, default=40)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()

    keras.utils.set_random_seed(arguments.seed)
    net = train(load_train(arguments.data), arguments.epochs)

    weights = arguments.out / "keras" / "model.keras"
    weights.parent.mkdir(parents=True, exist_ok=True)
    net.save(weights)
    practice = load_practice(arguments.data)
    report(practice.rentals, Model(weights.parent).predict({"features": practice.features}))
    pack(HERE / "model_keras.py", weights, arguments.out / "keras.zip")


if __name__ == "__main__":
    main()
