# %% [markdown]
# # Warped digits with PyTorch
#
# We train a small convolutional network, look at it on the practice sample, and pack it into
# `submissions/torch.zip`. It takes less than a minute on one core.
#
# Run this as a script, `python train_torch.py`, or open `torch.ipynb`, which has the same cells.

# %%
import math
import time

import torch
from safetensors.torch import save_file
from torch import Tensor
from torch.nn import functional as F

from data import load_practice, load_train, pack, report
from model_torch import Model, Net
from settings import HERE, read_settings

settings = read_settings("Trains the PyTorch baseline.", epochs=10)

# %% [markdown]
# ## The data
#
# 7,400 images of 28 by 28 grey values. PyTorch wants the channel before rows and columns, so the
# last axis moves to the front.

# %%
digits = load_train(settings.data)
images = torch.from_numpy(digits.images).permute(0, 3, 1, 2).contiguous()
labels = torch.from_numpy(digits.labels)
print(f"{len(images)} images of {len(set(digits.original.tolist()))} originals")

# %% [markdown]
# ## More warps than there are
#
# The judged images are warped in ways that are not in the training data. So each image is warped
# a little more, anew in each epoch: the network never sees one twice, and can't learn them by
# heart. A 2x2 matrix near the identity rotates, shears and stretches, all at once.


# %%
def augment(images: Tensor) -> Tensor:
    """Warps each image [N, 1, 28, 28] a little, in a way of its own."""
    n = len(images)
    matrices = torch.eye(2) + 0.2 * (2 * torch.rand(n, 2, 2) - 1)
    shifts = 0.1 * (2 * torch.rand(n, 2, 1) - 1)  # of half the image's width
    warps = torch.cat([matrices, shifts], dim=2)
    grid = F.affine_grid(warps, list(images.shape), align_corners=False)
    return F.grid_sample(images, grid, align_corners=False)


# %% [markdown]
# ## Training
#
# The network is in `model_torch.py`, since the judge needs it too. The loss is the one that is
# judged. Adam's learning rate rises, then falls to almost nothing (one cycle): large steps first,
# and small ones to settle.

# %%
BATCH = 128
PEAK_RATE = 0.01

torch.manual_seed(settings.seed)
net = Net()
optimizer = torch.optim.Adam(net.parameters())
steps = settings.epochs * math.ceil(len(images) / BATCH)
schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, PEAK_RATE, total_steps=steps)
for epoch in range(1, settings.epochs + 1):
    start, total = time.perf_counter(), 0.0
    for batch in torch.randperm(len(images)).split(BATCH):
        loss = F.cross_entropy(net(augment(images[batch])), labels[batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        total += loss.item() * len(batch)
    mean, seconds = total / len(images), time.perf_counter() - start
    print(f"epoch {epoch}/{settings.epochs}: loss {mean:.4f} ({seconds:.1f} s)", flush=True)

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
report(practice.labels, Model(weights.parent).predict({"images": practice.images}))
pack(HERE / "model_torch.py", weights, settings.out / "torch.zip")

# %% [markdown]
# ## What to try next
#
# - Hold out some *originals* of the training data, and watch the loss on them from epoch to epoch.
# - Wider layers, or one more block. Is it still within a minute?
# - Stronger warps, or noise of other strengths: the task's own runs from 0.02 to 0.12.
# - Average the predictions of a few networks that were trained with different seeds.
