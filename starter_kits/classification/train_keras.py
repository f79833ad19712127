# %% [markdown]
# # Warped digits with Keras
#
# We train a small convolutional network, look at it on the practice sample, and pack it into
# `submissions/keras.zip`. It takes less than a minute on one core.
#
# Run this as a script, `python train_keras.py`, or open `keras.ipynb`, which has the same cells.

# %%
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # these three before TensorFlow comes in
os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")
os.environ.setdefault("TF_NUM_INTEROP_THREADS", "1")

import keras
from keras import layers, ops

from data import load_practice, load_train, pack, report
from model_keras import Model
from settings import HERE, read_settings

settings = read_settings("Trains the Keras baseline.", epochs=10)
keras.utils.set_random_seed(settings.seed)

# %% [markdown]
# ## The data
#
# 7,400 images of 28 by 28 grey values, with one channel at the end, as Keras likes them.

# %%
digits = load_train(settings.data)
print(f"{len(digits.images)} images of {len(set(digits.original.tolist()))} originals")

# %% [markdown]
# ## More warps than there are
#
# The judged images are warped in ways that are not in the training data. So each image is warped
# a little more, anew in each epoch: the network never sees one twice, and can't learn them by
# heart. A 2x2 matrix near the identity rotates, shears and stretches, all at once.


# %%
class Warp(layers.Layer):
    """Warps each image [N, 28, 28, 1] a little, in a way of its own, and only in training."""

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


# %% [markdown]
# ## The network
#
# Blocks of convolutions, each followed by a halving of the image, then one dense layer whose
# softmax gives the ten probabilities. Dropout keeps it from leaning on single features.


# %%
def convolution(filters: int) -> list[layers.Layer]:
    """A 3x3 convolution that keeps the size. Batch norm has its own bias, so none is needed."""
    return [
        layers.Conv2D(filters, 3, padding="same", use_bias=False),
        layers.BatchNormalization(momentum=0.9),
        layers.ReLU(),
    ]


net = keras.Sequential(
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

# %% [markdown]
# ## Training
#
# The loss is the one that is judged. Adam's learning rate falls to nothing along a cosine. Warping
# is a part of training only: what is saved in the end is `net`, the network without it.

# %%
BATCH = 128

steps = settings.epochs * -(-len(digits.labels) // BATCH)
rate = keras.optimizers.schedules.CosineDecay(0.005, decay_steps=steps)
warped = keras.Sequential([Warp(), net])
warped.compile(
    optimizer=keras.optimizers.Adam(rate),
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy"],
)
history = warped.fit(
    digits.images, digits.labels, batch_size=BATCH, epochs=settings.epochs, verbose=2
)

# %% [markdown]
# ## Trying and packing
#
# The network is loaded again by the class that the judge will call, so that what is tried is what
# is submitted.

# %%
weights = settings.out / "keras" / "model.keras"
weights.parent.mkdir(parents=True, exist_ok=True)
net.save(weights)
practice = load_practice(settings.data)
report(practice.labels, Model(weights.parent).predict({"images": practice.images}))
pack(HERE / "model_keras.py", weights, settings.out / "keras.zip")

# %% [markdown]
# ## What to try next
#
# - Hold out some *originals* of the training data, and hand them to `fit` as `validation_data`.
# - Wider layers, or one more block. Is it still within a minute?
# - Stronger warps, or noise of other strengths: the task's own runs from 0.02 to 0.12.
# - Average the predictions of a few networks that were trained with different seeds.
