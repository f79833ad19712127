"""The model that is submitted as `model.py`: a small U-Net in PyTorch."""

from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from torch import Tensor, nn

torch.set_num_threads(1)


def convolutions(inputs: int, outputs: int) -> nn.Sequential:
    """Two 3x3 convolutions that keep the size. Batch norm has its own bias, so none is needed."""
    layers: list[nn.Module] = []
    for channels in (inputs, outputs):
        layers += [
            nn.Conv2d(channels, outputs, kernel_size=3, padding=1, bias=False),
            nn.BatchNorm2d(outputs),
            nn.ReLU(),
        ]
    return nn.Sequential(*layers)


class Net(nn.Module):
    """Down to small images that see much, and up again with what the large ones saw in detail.

    Images [N, 3, 64, 64] of 0..1 -> logits [N, 64, 64].
    """

    def __init__(self) -> None:
        super().__init__()
        self.first = convolutions(3, 8)
        self.second = convolutions(8, 16)
        self.third = convolutions(16, 32)
        self.fourth = convolutions(32, 48)
        self.up_third = convolutions(48 + 32, 32)
        self.up_second = convolutions(32 + 16, 16)
        self.up_first = convolutions(16 + 8, 8)
        self.head = nn.Conv2d(8, 1, kernel_size=1)
        self.smaller = nn.MaxPool2d(2)
        self.larger = nn.Upsample(scale_factor=2, mode="bilinear")

    def forward(self, images: Tensor) -> Tensor:
        """Returns logits; the loss in training wants them without a sigmoid."""
        first = self.first(images)
        second = self.second(self.smaller(first))
        third = self.third(self.smaller(second))
        deepest = self.fourth(self.smaller(third))
        third = self.up_third(torch.cat([self.larger(deepest), third], dim=1))
        second = self.up_second(torch.cat([self.larger(third), second], dim=1))
        first = self.up_first(torch.cat([self.larger(second), first], dim=1))
        return self.head(first)[:, 0]


def as_tensor(images: np.ndarray) -> Tensor:
    """Images uint8 [N, 64, 64, 3] as PyTorch wants them: float32 [N, 3, 64, 64] of 0..1."""
    return torch.from_numpy(images).permute(0, 3, 1, 2).float() / 255


class Model:
    """What the judge calls."""

    def __init__(self, folder: Path) -> None:
        self.net = Net()
        self.net.load_state_dict(load_file(folder / "weights.safetensors"))
        self.net.eval()

    @torch.inference_mode()
    def predict(self, inputs: dict[str, np.ndarray]) -> np.ndarray:
        """Images uint8 [N, 64, 64, 3] -> masks uint8 [N, 64, 64]."""
        images = inputs["image"].copy()
        parts = [self.net(as_tensor(images[i : i + 64])) > 0 for i in range(0, len(images), 64)]
        return torch.cat(parts).numpy().astype(np.uint8)
