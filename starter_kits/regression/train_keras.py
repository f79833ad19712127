# %% [markdown]
# # Bike rentals with Keras
#
# We train a network of three dense layers, look at it on the practice sample, and pack it into
# `submissions/keras.zip`. It takes less than a minute on one core.
#
# Run this as a script, `python train_keras.py`, or open `keras.ipynb`, which has the same cells.

# %%
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # these three before TensorFlow comes in
os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")
os.environ.setdefault("TF_NUM_INTEROP_THREADS", "1")

import keras
from keras import layers

from data import load_practice, load_train, pack, report
from model_keras import Model
from settings import HERE, read_settings

settings = read_settings("Trains the Keras baseline.", epochs=40)
keras.utils.set_random_seed(settings.seed)

# %% [markdown]
# ## The data
#
# About 4,400 hours of 14 numbers each, and how many bikes were rented in that hour. The hour of the
# day comes as its sine and cosine, so that 23 o'clock is as near to midnight as 1 o'clock.

# %%
hours = load_train(settings.data)
mean, most = hours.rentals.mean(), hours.rentals.max()
print(f"{len(hours.features)} hours, {mean:.0f} rentals on average, {most:.0f} at most")

# %% [markdown]
# ## The network
#
# Networks like numbers around zero of about the size of one. The first layer brings the features
# there, and the last one turns the answer back into bikes: both keep the scales of the training
# data, so that the judge may hand the network the features as they are.

# %%
normalize = layers.Normalization()
normalize.adapt(hours.features)
net = keras.Sequential(
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

# %% [markdown]
# ## Training
#
# The score is the root of the mean squared error, so the loss is the mean squared error. AdamW's
# learning rate rises, then falls to nothing along a cosine: large steps first, and small ones to
# settle.

# %%
BATCH = 64

steps = settings.epochs * -(-len(hours.rentals) // BATCH)
rate = keras.optimizers.schedules.CosineDecay(
    0.0005, decay_steps=steps * 3 // 4, warmup_target=0.01, warmup_steps=steps // 4
)
net.compile(
    optimizer=keras.optimizers.AdamW(rate, weight_decay=0.01),
    loss="mse",
    metrics=[keras.metrics.RootMeanSquaredError(name="rmse")],
)
history = net.fit(
    hours.features, hours.rentals, batch_size=BATCH, epochs=settings.epochs, verbose=2
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
report(practice.rentals, Model(weights.parent).predict({"features": practice.features}))
pack(HERE / "model_keras.py", weights, settings.out / "keras.zip")

# %% [markdown]
# ## What to try next
#
# - The practice RMSE is larger than the training RMSE. Is that overfitting, or other days? Hold out
#   some *blocks* of days (`hours.block`), and hand them to `fit` as `validation_data`.
# - At which hours of the day is the model most off? Draw its residuals against the hour.
# - Rentals vary more where they are many. Train on their logarithm or their root, and turn it back.
# - Average the predictions of a few networks that were trained with different seeds.
