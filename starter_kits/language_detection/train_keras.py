# %% [markdown]
# # Which language is it? With Keras
#
# A text comes in, 34 probabilities go out, one for each language. We train a small network, try it
# on the practice sample, and pack it into `submissions/keras.zip`. It takes less than a minute on
# one core.
#
# Run this as a script, `python train_keras.py`, or open `keras.ipynb`, which has the same cells.

# %%
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # these three before TensorFlow comes in
os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")
os.environ.setdefault("TF_NUM_INTEROP_THREADS", "1")

import keras
import numpy as np
from keras import layers

from data import LANGUAGES, load_practice, load_train, pack, report
from model_keras import Model
from ngrams import NUMBERS, batches, ngrams, trim
from settings import HERE, read_settings

settings = read_settings("Trains the Keras baseline.", epochs=4)
keras.utils.set_random_seed(settings.seed)
random = np.random.default_rng(settings.seed)

# %% [markdown]
# ## The data
#
# Each text has a language, and a `message`: all translations of one English message have the same
# number, and so have the fragments that were cut out of them. What you are judged on comes from
# messages that are not here.

# %%
train = load_train(settings.data)
print(f"{len(train.text)} texts of {len(np.unique(train.message))} messages")
for i in random.choice(len(train.text), 8, replace=False):
    print(f"  {LANGUAGES[train.language[i]]}: {train.text[i]}")

# %% [markdown]
# ## From texts to numbers
#
# A network wants numbers. Words won't do: most words of a new text are new. But its runs of one to
# five characters (*n-grams*) have mostly been seen before, and many of them are at home in one
# language: `ř` is Czech, `ije` Croatian, `ção` Portuguese. `ngrams` gives each run a number; a row
# is a text, and ends in zeros.
#
# Most texts are short, so most of a row is zeros. `Batches` puts texts of about the same length
# together and cuts off the zeros that all of them end in.

# %%
BATCH = 128


class Batches(keras.utils.PyDataset):
    """Feeds the network; in each epoch other texts meet in a batch."""

    def __init__(self, numbers: np.ndarray, languages: np.ndarray) -> None:
        super().__init__()
        self.numbers, self.languages = numbers, languages
        self.rows = batches(numbers, BATCH, random)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, i: int) -> tuple[np.ndarray, np.ndarray]:
        rows = self.rows[i]
        return trim(self.numbers[rows]), self.languages[rows]

    def on_epoch_end(self) -> None:
        self.rows = batches(self.numbers, BATCH, random)


data = Batches(ngrams(train.text), train.language)

# %% [markdown]
# ## The network
#
# An embedding keeps a vector for each run of characters. The vectors of a text are averaged, where
# `mask_zero` leaves out the zeros at its end, and one dense layer makes probabilities of the mean.
# That the order of the runs is lost hurts little: a run of five characters holds some order of its
# own.

# %%
net = keras.Sequential(
    [
        keras.Input((None,), dtype="int32"),
        layers.Embedding(NUMBERS, 34, mask_zero=True),
        layers.GlobalAveragePooling1D(),
        layers.Dense(len(LANGUAGES), activation="softmax"),
    ]
)
rate = keras.optimizers.schedules.PolynomialDecay(0.02, settings.epochs * len(data), 0.0)
net.compile(
    optimizer=keras.optimizers.Adam(rate),
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy"],
)
net.fit(data, epochs=settings.epochs, verbose=2)

# %% [markdown]
# ## How good is it?
#
# The practice sample holds texts of other messages. The score is the mean over five lengths of the
# mean over the languages, so three letters of Slovak count as much as three lines of English.

# %%
weights = settings.out / "keras" / "model.keras"
weights.parent.mkdir(parents=True, exist_ok=True)
net.compile()  # forgets the optimizer, which is twice as large as the network
net.save(weights)

practice = load_practice(settings.data)
report(practice, Model(weights.parent).predict({"text": practice.text}))
pack(HERE / "model_keras.py", weights, settings.out / "keras.zip", HERE / "ngrams.py")

# %% [markdown]
# ## What to try next
#
# - The accuracy in training reaches one, and the practice score doesn't follow: the network has
#   learnt its texts by heart. Add a `Dropout` layer, or an `AdamW` whose weights decay. Hold out
#   some messages to see what helps.
# - Cut more fragments out of the longer texts: one or two words are what it finds hard.
# - Which pairs does it mix up? Print the most frequent ones. Is there a letter that would tell them
#   apart, and does the network see it?
# - Put `Conv1D` or `GRU` layers over the characters in place of the mean.
