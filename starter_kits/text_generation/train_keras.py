# %% [markdown]
# # The next letter with Keras
#
# We train a small recurrent network (a GRU) on bytes, watch the bits per character fall, and let it
# write. It takes about a minute and a half on one core.
#
# Run this as a script, `python train_keras.py`, or open `keras.ipynb`, which has the same cells.

# %%
import math

import keras
import numpy as np

from data import END, load_practice, load_train, pack, report, table
from model_keras import HIDDEN, Model, network
from settings import HERE, read_settings

settings = read_settings("Trains the Keras baseline.", epochs=5)

# %% [markdown]
# ## The data
#
# Verses as symbols: their bytes, then the end of text, 256. All are cut or filled to 120 symbols,
# so that TensorFlow compiles the network for one shape only; what is filling does not count. In an
# epoch the network reads 3,000 verses out of the 26,000: with a minute of time, more of them beat
# the same ones again.

# %%
VERSES = 3000
BATCH = 16
LENGTH = 120

random = np.random.default_rng(settings.seed)
texts = load_train(settings.data)
texts = [texts[row] for row in random.permutation(len(texts))[: settings.epochs * VERSES]]
wanted = np.full((len(texts), LENGTH), END, np.int32)
symbols = table(texts)[:, :LENGTH]
wanted[:, : symbols.shape[1]] = symbols
given = np.concatenate([np.full((len(texts), 1), END, np.int32), wanted[:, :-1]], axis=1)
counts = np.ones(wanted.shape, np.float32)
counts[:, 1:] = wanted[:, :-1] != END

# %% [markdown]
# ## Training
#
# The network reads each symbol and guesses the next one: what goes in is what should come out, one
# step late. The learning rate falls along a cosine.

# %%
keras.utils.set_random_seed(settings.seed)
net = network()
steps = settings.epochs * math.ceil(VERSES / BATCH)
rate = keras.optimizers.schedules.CosineDecay(
    0.001, steps, warmup_target=0.005, warmup_steps=steps // 5
)
net.compile(
    keras.optimizers.Adam(rate, clipnorm=1.0),
    loss=[keras.losses.SparseCategoricalCrossentropy(from_logits=True), None],
)


class Bits(keras.callbacks.Callback):
    """Says how many bits the symbols of the last verses cost: the competition's metric."""

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        bits = (logs or {})["loss"] / math.log(2) / counts.mean()
        print(f"epoch {epoch + 1}/{settings.epochs}: {bits:.3f} bits", flush=True)


state = np.zeros((VERSES, HIDDEN), np.float32)
for epoch in range(settings.epochs):
    rows = slice(epoch * VERSES, (epoch + 1) * VERSES)
    net.fit(
        [given[rows], state[: len(given[rows])]],
        wanted[rows],
        sample_weight=counts[rows],
        batch_size=BATCH,
        initial_epoch=epoch,
        epochs=epoch + 1,
        verbose=0,
        callbacks=[Bits()],
    )

# %% [markdown]
# ## The submission
#
# What to try next: more of the verses, a second layer, LSTM in place of GRU, or a small
# transformer. `train_ngram.py` counts letters in their contexts and is not easy to beat in a
# minute; a mixture of both may be.

# %%
weights = settings.out / "keras" / "model.keras"
weights.parent.mkdir(parents=True, exist_ok=True)
net.save(weights)
report(Model(weights.parent), load_practice(settings.data))
pack(HERE / "model_keras.py", weights, settings.out / "keras.zip")
