# %% [markdown]
# # Digits over photos with PyTorch
#
# We train a small U-Net, look at it on the practice sample, and pack it into
# `submissions/torch.zip`. It takes less than two minutes on one core.
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
from model_torch import Model, Net, as_tensor
from settings import HERE, read_settings

settings = read_settings("Trains the PyTorch baseline.", epochs=5)

# %% [markdown]
# ## The data
#
# 2,400 photos with one to three digits in any colour. About six pixels of a hundred belong to a
# digit. No digit and no part of a photo that you are judged on is among them.

# %%
train = load_train(settings.data)
masks = torch.from_numpy(train.masks).float()
print(f"{len(train.images)} images, {train.masks.mean():.1%} of their pixels are a digit's")


# %% [markdown]
# ## More images than there are
#
# Photos stay photos when they are mirrored, turned by a quarter or lit in another colour. Digits do
# not stay digits, but strokes stay strokes, and those are what we look for.


# %%
def augment(images: Tensor, masks: Tensor) -> tuple[Tensor, Tensor]:
    """Turns and mirrors a whole batch in one way, and lights each image in a colour of its own."""
    turns = int(torch.randint(4, ()))
    images, masks = images.rot90(turns, (2, 3)), masks.rot90(turns, (1, 2))
    if torch.rand(()) < 0.5:
        images, masks = images.flip(3), masks.flip(2)
    light = 0.7 + 0.6 * torch.rand(len(images), 3, 1, 1)
    return (images * light).clamp(0, 1), masks


# %% [markdown]
# ## Training
#
# The loss has two parts. Cross-entropy asks of each pixel to be sure. Dice looks at an image as a
# whole, as the metric does: few digit pixels count as much as many others.


# %%
def loss_of(logits: Tensor, masks: Tensor) -> Tensor:
    """Binary cross-entropy, and one minus the soft Dice of each image."""
    found = logits.sigmoid()
    shared = (found * masks).sum(dim=(1, 2))
    dice = (2 * shared + 1) / (found.sum(dim=(1, 2)) + masks.sum(dim=(1, 2)) + 1)
    return F.binary_cross_entropy_with_logits(logits, masks) + (1 - dice).mean()


BATCH = 16
PEAK_RATE = 0.01

torch.manual_seed(settings.seed)
net = Net()
optimizer = torch.optim.Adam(net.parameters())
steps = settings.epochs * math.ceil(len(masks) / BATCH)
schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, PEAK_RATE, total_steps=steps)
for epoch in range(1, settings.epochs + 1):
    start, total = time.perf_counter(), 0.0
    for batch in torch.randperm(len(masks)).split(BATCH):
        images, wanted = augment(as_tensor(train.images[batch.numpy()]), masks[batch])
        loss = loss_of(net(images), wanted)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        total += loss.item() * len(batch)
    seconds = time.perf_counter() - start
    print(
        f"epoch {epoch}/{settings.epochs}: loss {total / len(masks):.4f} ({seconds:.1f} s)",
        flush=True,
    )

# %% [markdown]
# ## The submission
#
# What to try next: more epochs, more channels, digits of your own painted over the photos (you have
# the masks, so you have the digits), or the mean over an image and its mirror images.

# %%
weights = settings.out / "torch" / "weights.safetensors"
weights.parent.mkdir(parents=True, exist_ok=True)
save_file({name: value.contiguous() for name, value in net.state_dict().items()}, weights)
practice = load_practice(settings.data)
report(practice.masks, Model(weights.parent).predict({"image": practice.images}))
pack(HERE / "model_torch.py", weights, settings.out / "torch.zip")
