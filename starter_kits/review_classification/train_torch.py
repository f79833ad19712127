# %% [markdown]
# # Film reviews: praise or blame? With PyTorch
#
# A sentence comes in, three probabilities go out: negative, neutral, positive. We train a small
# network, try it on the practice sample, and pack it into `submissions/torch.zip`. It takes less
# than a minute on one core.
#
# Run this as a script, `python train_torch.py`, or open `torch.ipynb`, which has the same cells.

# %%
import math
import time

import numpy as np
import torch
from safetensors.torch import save_file

from data import OPINIONS, load_practice, load_train, pack, report, soft_opinions
from model_torch import Model, Net
from pieces import batches, pieces, trim
from settings import HERE, read_settings

settings = read_settings("Trains the PyTorch baseline.", epochs=6)
torch.manual_seed(settings.seed)
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

# %%
numbers = pieces(train.text)
print(f"{numbers.shape}: the first sentence has {np.count_nonzero(numbers[0])} pieces")

# %% [markdown]
# ## The network
#
# `nn.EmbeddingBag` keeps a vector for each piece and takes the mean of those that a sentence has. A
# linear layer makes scores of the three opinions out of it. (It is in `model_torch.py`, since the
# judge needs it as well.) In training, dropout hides half of the mean's numbers by chance, anew
# each time: with so few sentences a network soon knows them by heart, and this makes it harder.
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
PEAK_RATE = 0.005
WEIGHTS = torch.tensor([1.0, 2.0, 1.0])  # of negative, neutral and positive

targets = WEIGHTS * torch.from_numpy(soft_opinions(train.rating))

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
        wanted = targets[torch.from_numpy(rows)]
        loss = -(wanted * scores.log_softmax(dim=1)).sum() / wanted.sum()
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
# The practice sample holds other sentences. Look at the three F1 scores: most of what there is to
# gain lies in the neutral ones.

# %%
weights = settings.out / "torch" / "weights.safetensors"
weights.parent.mkdir(parents=True, exist_ok=True)
save_file(net.state_dict(), weights)

practice = load_practice(settings.data)
report(practice.opinion, Model(weights.parent).predict({"text": practice.text}))
pack(HERE / "model_torch.py", weights, settings.out / "torch.zip", HERE / "pieces.py")

# %% [markdown]
# ## What to try next
#
# - Move the weight of neutral sentences, and watch accuracy and macro F1 go different ways. Choose
#   it on sentences that you hold out.
# - How much may a mean rating stray? Other values of `spread` in `soft_opinions` ask for another
#   weight of what is neutral.
# - Average the probabilities of a few networks that were trained with different seeds.
# - Start from word vectors that were trained on more text than this, and pack them too.
