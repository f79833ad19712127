# %% [markdown]
# # Digits over photos with Keras
#
# We train a small U-Net, look at it on the practice sample, and pack it into
# `submissions/keras.zip`. It takes less than two minutes on one core.
#
# Run this as a script, `python train_keras.py`, or open `keras.ipynb`, which has the same cells.

# %%
import math
import os

os.environ["TF_ENABLE_ONEDNN_OPTS"] = "1"  # convolutions take a quarter of the time

import keras
import numpy as np
from keras import ops

from data import load_practice, load_train, pack, report
from model_keras import Model, network
from settings import HERE, read_settings

settings = read_settings("Trains the Keras baseline.", epochs=5)

# %% [markdown]
# ## The data
#
# 2,400 photos with one to three digits in any colour. About six pixels of a hundred belong to a
# digit. No digit and no part of a photo that you are judged on is among them.

# %%
train = load_train(settings.data)
print(f"{len(train.images)} images, {train.masks.mean():.1%} of their pixels are a digit's")

# %% [markdown]
# ## More images than there are
#
# Photos stay photos when they are mirrored, turned by a quarter or lit in another colour. Digits do
# not stay digits, but strokes stay strokes, and those are what we look for. Each epoch gets batches
# of its own.

# %%
BATCH = 16


class Batches(keras.utils.PyDataset):
    """Batches in an order of chance, each turned and mirrored in one way."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self.random = np.random.default_rng(seed)
        self.order = self.random.permutation(len(train.images))

    def __len__(self) -> int:
        return math.ceil(len(self.order) / BATCH)

    def __getitem__(self, number: int) -> tuple[np.ndarray, np.ndarray]:
        rows = self.order[number * BATCH : (number + 1) * BATCH]
        turns, mirrored = int(self.random.integers(4)), self.random.random() < 0.5
        images, masks = (np.rot90(a[rows], turns, (1, 2)) for a in (train.images, train.masks))
        if mirrored:
            images, masks = images[:, :, ::-1], masks[:, :, ::-1]
        light = self.random.uniform(0.7, 1.3, (len(rows), 1, 1, 3))
        return (images * light).clip(0, 255).astype(np.float32), masks[..., None].astype(np.float32)

    def on_epoch_end(self) -> None:
        self.order = self.random.permutation(len(train.images))


# %% [markdown]
# ## Training
#
# The loss has two parts. Cross-entropy asks of each pixel to be sure. Dice looks at an image as a
# whole, as the metric does: few digit pixels count as much as many others. The learning rate falls
# along a cosine.


# %%
def loss_of(masks: keras.KerasTensor, logits: keras.KerasTensor) -> keras.KerasTensor:
    """Binary cross-entropy, and one minus the soft Dice of each image."""
    found, axes = ops.sigmoid(logits), (1, 2, 3)
    shared = ops.sum(found * masks, axis=axes)
    both = ops.sum(found, axis=axes) + ops.sum(masks, axis=axes)
    entropy = ops.mean(ops.binary_crossentropy(masks, logits, from_logits=True), axis=axes)
    return entropy + 1 - (2 * shared + 1) / (both + 1)


keras.utils.set_random_seed(settings.seed)
net = network()
steps = settings.epochs * math.ceil(len(train.images) / BATCH)
rate = keras.optimizers.schedules.CosineDecay(
    0.001, steps, warmup_target=0.01, warmup_steps=steps // 5
)
net.compile(keras.optimizers.Adam(rate), loss=loss_of)
net.fit(Batches(settings.seed), epochs=settings.epochs, verbose=2)

# %% [markdown]
# ## The submission
#
# What to try next: more epochs, more channels, digits of your own painted over the photos (you have
# the masks, so you have the digits), or the mean over an image and its mirror images.

# %%
weights = settings.out / "keras" / "model.keras"
weights.parent.mkdir(parents=True, exist_ok=True)
net.save(weights)
practice = load_practice(settings.data)
report(practice.masks, Model(weights.parent).predict({"image": practice.images}))
pack(HERE / "model_keras.py", weights, settings.out / "keras.zip")
