# %% [markdown]
# # Film reviews: praise or blame? With Keras
#
# A sentence comes in, three probabilities go out: negative, neutral, positive. We train a small
# network, try it on the practice sample, and pack it into `submissions/keras.zip`. It takes less
# than a minute on one core.
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

from data import OPINIONS, load_practice, load_train, pack, report, soft_opinions
from model_keras import Model
from pieces import NUMBERS, batches, pieces, trim
from settings import HERE, read_settings

settings = read_settings("Trains the Keras baseline.", epochs=6)
keras.utils.set_random_seed(settings.seed)
random = np.random.default_rng(settings.seed)

# %% [markdown]
# ## The data
#
# Some twenty people rated each sentence from -4 to 4. From a mean of 0.75 on it counts as positive,
# and from -0.75 on as negative. Few sentences lie between, and they are hard to tell: in some there
# is no opinion, and in others there are two.

# %%
train = load_train(settings.data)
for opinion, name in enumerate(OPINIONS):
    text = train.text[train.opinion == opinion]
    print(f"{len(text)} sentences are {name}, as this one: {text[0]}")

# %% [markdown]
# ## From texts to numbers
#
# A network wants numbers. `pieces` gives one to each word, to each pair of neighbouring words ("not
# good" is not "good"), and to each run of three to five characters of a word, so that "delightful"
# has something in common with "delights". A row is a sentence, and ends in zeros.
#
# `Batches` puts sentences of about the same length together and cuts off the zeros that all of them
# end in.
#
# ## What is right, and how much it counts
#
# A sentence rated 0.76 is positive, and one rated 0.74 neutral, but twenty other people might have
# said it the other way round. `soft_opinions` turns a mean rating into three probabilities, and the
# network learns those: it is told that both sentences are a bit of either.
#
# Only one sentence in twelve is neutral. A network that minimises the plain loss hardly ever says
# so, and is right most of the time. But the judge takes the mean of three F1 scores, one for each
# opinion. So what is neutral counts more here.

# %%
BATCH = 64
WEIGHTS = np.array([1.0, 2.0, 1.0], np.float32)  # of negative, neutral and positive


class Batches(keras.utils.PyDataset):
    """Feeds the network; in each epoch other sentences meet in a batch."""

    def __init__(self, numbers: np.ndarray, targets: np.ndarray) -> None:
        super().__init__()
        self.numbers, self.targets = numbers, targets
        self.rows = batches(numbers, BATCH, random)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, i: int) -> tuple[np.ndarray, np.ndarray]:
        rows = self.rows[i]
        return trim(self.numbers[rows]), self.targets[rows]

    def on_epoch_end(self) -> None:
        self.rows = batches(self.numbers, BATCH, random)


targets = WEIGHTS * soft_opinions(train.rating)
data = Batches(pieces(train.text), targets / targets.sum(axis=1).mean())

# %% [markdown]
# ## The network
#
# An embedding keeps a vector for each piece. The vectors of a sentence are averaged, where
# `mask_zero` leaves out the zeros at its end, and one dense layer makes probabilities of the mean.
# In training, dropout hides half of the mean's numbers by chance, anew each time: with so few
# sentences a network soon knows them by heart, and this makes it harder.

# %%
net = keras.Sequential(
    [
        keras.Input((None,), dtype="int32"),
        layers.Embedding(NUMBERS, 64, mask_zero=True),
        layers.GlobalAveragePooling1D(),
        layers.Dropout(0.5),
        layers.Dense(len(OPINIONS), activation="softmax"),
    ]
)
rate = keras.optimizers.schedules.PolynomialDecay(0.005, settings.epochs * len(data), 0.0)
net.compile(
    optimizer=keras.optimizers.Adam(rate),
    loss="categorical_crossentropy",
    metrics=["accuracy"],
)
net.fit(data, epochs=settings.epochs, verbose=2)

# %% [markdown]
# ## How good is it?
#
# The practice sample holds other sentences. Look at the three F1 scores: most of what there is to
# gain lies in the neutral ones.

# %%
weights = settings.out / "keras" / "model.keras"
weights.parent.mkdir(parents=True, exist_ok=True)
net.compile()  # forgets the optimizer, which is twice as large as the network
net.save(weights)

practice = load_practice(settings.data)
report(practice.opinion, Model(weights.parent).predict({"text": practice.text}))
pack(HERE / "model_keras.py", weights, settings.out / "keras.zip", HERE / "pieces.py")

# %% [markdown]
# ## What to try next
#
# - Move the weight of neutral sentences, and watch accuracy and macro F1 go different ways. Choose
#   it on sentences that you hold out.
# - How much may a mean rating stray? Other values of `spread` in `soft_opinions` ask for another
#   weight of what is neutral.
# - Average the probabilities of a few networks that were trained with different seeds.
# - Start from word vectors that were trained on more text than this, and pack them too.
