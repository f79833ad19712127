# %% [markdown]
# # Which language is it? With PyTorch
#
# A text comes in, 34 probabilities go out, one for each language. We train a small network, try it
# on the practice sample, and pack it into `submissions/torch.zip`. It takes less than a minute on
# one core.
#
# Run this as a script, `python train_torch.py`, or open `torch.ipynb`, which has the same cells.

# %%
import math
import time

import numpy as np
import torch
from safetensors.torch import save_file
from torch.nn import functional as F

from data import LANGUAGES, load_practice, load_train, pack, report
from model_torch import Model, Net
from ngrams import batches, ngrams, trim
from settings import HERE, read_settings

settings = read_settings("Trains the PyTorch baseline.", epochs=5)
torch.manual_seed(settings.seed)
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

# %%
numbers = ngrams(train.text)
languages = torch.from_numpy(train.language)
print(f"{numbers.shape}: '{train.text[0]}' has {np.count_nonzero(numbers[0])} runs of characters")

# %% [markdown]
# ## The network
#
# `nn.EmbeddingBag` keeps a vector for each run and takes the mean of those that a text has. One
# linear layer makes scores of 34 languages out of it. (It is in `model_torch.py`, since the judge
# needs it as well.) That the order of the runs is lost hurts little: a run of five characters holds
# some order of its own.
#
# A batch touches few of the 65,536 vectors. With `sparse=True`, and an optimizer that can make use
# of it, the others cost nothing.

# %%
BATCH = 128
PEAK_RATE = 0.02

net = Net()
optimizers = (
    torch.optim.SparseAdam(list(net.bag.parameters()), PEAK_RATE),
    torch.optim.Adam(net.head.parameters(), PEAK_RATE),
)
steps = settings.epochs * math.ceil(len(numbers) / BATCH)
schedules = [
    torch.optim.lr_scheduler.LinearLR(one, 1.0, 0.0, total_iters=steps) for one in optimizers
]

for epoch in range(1, settings.epochs + 1):
    start, total = time.perf_counter(), 0.0
    for rows in batches(numbers, BATCH, random):
        scores = net(torch.from_numpy(trim(numbers[rows])))
        loss = F.cross_entropy(scores, languages[torch.from_numpy(rows)])
        net.zero_grad()
        loss.backward()
        for optimizer, schedule in zip(optimizers, schedules, strict=True):
            optimizer.step()
            schedule.step()
        total += loss.item() * len(rows)
    mean, seconds = total / len(numbers), time.perf_counter() - start
    print(f"epoch {epoch}/{settings.epochs}: loss {mean:.4f} ({seconds:.1f} s)", flush=True)

# %% [markdown]
# ## How good is it?
#
# The practice sample holds texts of other messages. The score is the mean over five lengths of the
# mean over the languages, so three letters of Slovak count as much as three lines of English.

# %%
weights = settings.out / "torch" / "weights.safetensors"
weights.parent.mkdir(parents=True, exist_ok=True)
save_file(net.state_dict(), weights)

practice = load_practice(settings.data)
report(practice, Model(weights.parent).predict({"text": practice.text}))
pack(HERE / "model_torch.py", weights, settings.out / "torch.zip", HERE / "ngrams.py")

# %% [markdown]
# ## What to try next
#
# - The loss in training falls to nearly nothing, and the practice score doesn't follow: the network
#   has learnt its texts by heart. Leave out some runs by chance in each step (dropout), or let the
#   vectors decay. Hold out some messages to see what helps.
# - Cut more fragments out of the longer texts: one or two words are what it finds hard.
# - Which pairs does it mix up? Print the most frequent ones. Is there a letter that would tell them
#   apart, and does the network see it?
# - Put a convolutional or a recurrent network over the characters in place of the bag.
