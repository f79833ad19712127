"""Trains the PyTorch baseline and writes submissions/torch.zip."""

import argparse
import math
import time
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch.nn import functional as F

from data import Hours, load_practice, load_train, pack, report
from model_torch import Model, Net

HERE = Path(__file__).parent
BATCH = 64
PEAK_RATE = 0.01


def train(hours: Hours, epochs: int) -> Net:
    """AdamW with a learning rate that rises, then falls to almost nothing (one cycle)."""
    features = torch.from_numpy(hours.features)
    rentals = torch.from_numpy(hours.rentals)
    net = Net()
    net.adapt(features, rentals)
    targets = rentals / net.scale
    optimizer = torch.optim.AdamW(net.parameters())
    steps = epochs * math.ceil(len(features) / BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, PEAK_RATE, total_steps=steps)
    for epoch in range(1, epochs + 1):
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
        print(f"epoch {epoch}/{epochs}: RMSE {error:.1f} ({seconds:.1f} s)", flush=True)
    return net


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=HERE / "data", help="folder with train.npz")
    parser.add_argument("--out", type=Path, default=HERE / "submissions", help="where to write")
    parser.add_argument("--epochs", type=int, default=40)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()

    torch.manual_seed(arguments.seed)
    net = train(load_train(arguments.data), arguments.epochs)

    weights = arguments.out / "torch" / "weights.safetensors"
    weights.parent.mkdir(parents=True, exist_ok=True)
    save_file(net.state_dict(), weights)
    practice = load_practice(arguments.data)
    report(practice.rentals, Model(weights.parent).predict({"features": practice.features}))
    pack(HERE / "model_torch.py", weights, arguments.out / "torch.zip")


if __name__ == "__main__":
    main()
