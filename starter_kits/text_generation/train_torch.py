# %% [markdown]
# # The next letter with PyTorch
#
# We train a small recurrent network (a GRU) on bytes, watch the bits per character fall, and let it
# write. It takes about a minute and a half on one core.
#
# Run this as a script, `python train_torch.py`, or open `torch.ipynb`, which has the same cells.

# %%
import math
import time

import numpy as np
import torch
from safetensors.torch import save_file
from torch.nn import functional as F

from data import END, load_practice, load_train, pack, report, table
from model_torch import Model, Net
from settings import HERE, read_settings

settings = read_settings("Trains the PyTorch baseline.", epochs=5)

# %% [markdown]
# ## The data
#
# Verses as symbols: their bytes, then the end of text, 256. Verses of about the same length go
# into a batch together, so that little of it is filling. In an epoch the network reads 3,000 verses
# out of the 26,000: with a minute of time, more of them beat the same ones again.

# %%
VERSES = 3000
BATCH = 16

random = np.random.default_rng(settings.seed)
texts = [text for text in load_train(settings.data) if len(text) <= 200]
texts = [texts[row] for row in random.permutation(len(texts))]


def batches(epoch: int) -> list[torch.Tensor]:
    """The next verses, sorted by length into batches int64 [BATCH, T], in an order of chance."""
    rows = [texts[row % len(texts)] for row in range(epoch * VERSES, (epoch + 1) * VERSES)]
    rows.sort(key=len)
    parts = [table(rows[start : start + BATCH]) for start in range(0, VERSES, BATCH)]
    return [torch.from_numpy(parts[row].astype(np.int64)) for row in random.permutation(len(parts))]


# %% [markdown]
# ## Training
#
# The network reads each symbol and guesses the next one: what goes in is what should come out, one
# step late. Behind the end of a verse is filling, which does not count. The loss in bits per symbol
# is the competition's metric.

# %%
PEAK_RATE = 0.005

torch.manual_seed(settings.seed)
net = Net()
optimizer = torch.optim.Adam(net.parameters())
steps = settings.epochs * math.ceil(VERSES / BATCH)
schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, PEAK_RATE, total_steps=steps)
for epoch in range(settings.epochs):
    start, bits, count = time.perf_counter(), 0.0, 0
    for wanted in batches(epoch):
        given = F.pad(wanted[:, :-1], (1, 0), value=END)
        counts = torch.ones_like(wanted, dtype=torch.bool)
        counts[:, 1:] = wanted[:, :-1] != END
        logits, _ = net(given)
        loss = F.cross_entropy(logits[counts], wanted[counts])
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        bits += loss.item() / math.log(2) * int(counts.sum())
        count += int(counts.sum())
    seconds = time.perf_counter() - start
    print(
        f"epoch {epoch + 1}/{settings.epochs}: {bits / count:.3f} bits ({seconds:.0f} s)",
        flush=True,
    )

# %% [markdown]
# ## The submission
#
# What to try next: more of the verses, a second layer, weights for the letters that counting finds
# hard, or a small transformer. `train_ngram.py` counts letters in their contexts and is not easy to
# beat in a minute; a mixture of both may be.

# %%
weights = settings.out / "torch" / "weights.safetensors"
weights.parent.mkdir(parents=True, exist_ok=True)
save_file(net.state_dict(), weights)
report(Model(weights.parent), load_practice(settings.data))
pack(HERE / "model_torch.py", weights, settings.out / "torch.zip")
