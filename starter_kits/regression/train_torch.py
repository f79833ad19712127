# %% [markdown]
# # Bike rentals with PyTorch
#
# We train a network of three dense layers, look at it on the practice sample, and pack it into
# `submissions/torch.zip`. It takes less than a minute on one core.
#
# Run this as a script, `python train_torch.py`, or open `torch.ipynb`, which has the same cells.

# %%
import math
import time

import torch
from safetensors.torch import save_file
from torch.nn import functional as F

from data import load_practice, load_train, pack, report
from model_torch import Model, Net
from settings import HERE, read_settings

settings = read_settings("Trains the PyTorch baseline.", epochs=40)

# %% [markdown]
# ## The data
#
# About 4,400 hours of 14 numbers each, and how many bikes were rented in that hour. The hour of the
# day comes as its sine and cosine, so that 23 o'clock is as near to midnight as 1 o'clock.

# %%
hours = load_train(settings.data)
features = torch.from_numpy(hours.features)
rentals = torch.from_numpy(hours.rentals)
print(
    f"{len(features)} hours, {rentals.mean():.0f} rentals on average, {rentals.max():.0f} at most"
)

# %% [markdown]
# ## The network
#
# It is in `model_torch.py`, since the judge needs it too. Networks like numbers around zero of
# about the size of one: `adapt` keeps the mean and the spread of each feature, and the spread of
# the rentals, inside the network, so that the judge may hand it the features as they are.

# %%
torch.manual_seed(settings.seed)
net = Net()
net.adapt(features, rentals)
targets = rentals / net.scale

# %% [markdown]
# ## Training
#
# The score is the root of the mean squared error, so the loss is the mean squared error. AdamW's
# learning rate rises, then falls to almost nothing (one cycle): large steps first, and small ones
# to settle.

# %%
BATCH = 64
PEAK_RATE = 0.01

optimizer = torch.optim.AdamW(net.parameters())
steps = settings.epochs * math.ceil(len(features) / BATCH)
schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, PEAK_RATE, total_steps=steps)
for epoch in range(1, settings.epochs + 1):
    start, total = time.perf_counter(), 0.0
    for batch in torch.randperm(len(features)).split(BATCH):
        loss = F.mse_loss(net(features[batch]), targets[batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        total += loss.item() * len(batch)
    error = net.scale.item() * math.sqrt(total / len(features))
    seconds = time.perf_counter() - start
    print(f"epoch {epoch}/{settings.epochs}: RMSE {error:.1f} ({seconds:.1f} s)", flush=True)

# %% [markdown]
# ## Trying and packing
#
# The weights are loaded again by the class that the judge will call, so that what is tried is what
# is submitted.

# %%
weights = settings.out / "torch" / "weights.safetensors"
weights.parent.mkdir(parents=True, exist_ok=True)
save_file(net.state_dict(), weights)
practice = load_practice(settings.data)
report(practice.rentals, Model(weights.parent).predict({"features": practice.features}))
pack(HERE / "model_torch.py", weights, settings.out / "torch.zip")

# %% [markdown]
# ## What to try next
#
# - The practice RMSE is larger than the training RMSE. Is that overfitting, or other days? Hold out
#   some *blocks* of days (`hours.block`), and watch the error on them from epoch to epoch.
# - At which hours of the day is the model most off? Draw its residuals against the hour.
# - Rentals vary more where they are many. Train on their logarithm or their root, and turn it back.
# - Average the predictions of a few networks that were trained with different seeds.
