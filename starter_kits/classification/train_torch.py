"""Trains the PyTorch baseline and writes submissions/torch.zip."""

import argparse
import math
import time
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor
from torch.nn import functional as F

from data import Digits, load_practice, load_train, pack, report
from model_torch import Model, Net

HERE = Path(__file__).parent
BATCH = 128
PEAK_RATE = 0.01


def augment(images: Tensor) -> Tensor:
    """Warps each image a little more, anew in each epoch, so the network never sees one twice.

    A 2x2 matrix near the identity rotates, shears and stretches, all at once.
    """
    n = len(images)
    matrices = torch.eye(2) + 0.2 * (2 * torch.rand(n, 2, 2) - 1)
    shifts = 0.1 * (2 * torch.rand(n, 2, 1) - 1)  # of half the image's width
    warps = torch.cat([matrices, shifts], dim=2)
    grid = F.affine_grid(warps, list(images.shape), align_corners=False)
    return F.grid_sample(images, grid, align_corners=False)


def train(digits: Digits, epochs: int) -> Net:
    """Adam with a learning rate that rises, then falls to almost nothing (one cycle)."""
    images = torch.from_numpy(digits.images).permute(0, 3, 1, 2).contiguous()
    labels = torch.from_numpy(digits.labels)
    net = Net()
    optimizer = torch.optim.Adam(net.parameters())
    steps = epochs * math.ceil(len(images) / BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, PEAK_RATE, total_steps=steps)
    for epoch in range(1, epochs + 1):
        start, total = time.perf_counter(), 0.0
        for batch in torch.randperm(len(images)).split(BATCH):
            loss = F.cross_entropy(net(augment(images[batch])), labels[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += loss.item() * len(batch)
        seconds = time.perf_counter() - start
        print(
            f"epoch {epoch}/{epochs}: loss {total / len(images):.4f} ({seconds:.1f} s)", flush=True
        )
    return net


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=HERE / "data", help="folder with train.npz")
    parser.add_argument("--out", type=Path, default=HERE / "submissions", help="where to write")
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()

    torch.manual_seed(arguments.seed)
    net = train(load_train(arguments.data), arguments.epochs)

    weights = arguments.out / "torch" / "weights.safetensors"
    weights.parent.mkdir(parents=True, exist_ok=True)
    save_file(net.state_dict(), weights)
    practice = load_practice(arguments.data)
    report(practice.labels, Model(weights.parent).predict({"images": practice.images}))
    pack(HERE / "model_torch.py", weights, arguments.out / "torch.zip")


if __name__ == "__main__":
    main()
