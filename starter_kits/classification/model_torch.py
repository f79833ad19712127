"""The model that is submitted as `model.py`: a small convolutional network in PyTorch."""

from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from torch import Tensor, nn

torch.set_num_threads(1)


def convolution(inputs: int, outputs: int) -> nn.Sequential:
    """A 3x3 convolution that keeps the size. Batch norm has its own bias, so none is needed."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel_size=3, padding=1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(),
    )


class Net(nn.Module):
    """Blocks of convolutions, each followed by a halving of the image, then one linear layer.

    Shapes, channels first:
    [N, 1, 28, 28] -> [N, 16, 14, 14] -> [N, 32, 7, 7] -> [N, 64, 3, 3] -> [N, 10].
    """

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(
            convolution(1, 16),
            nn.MaxPool2d(2),
            convolution(16, 32),
            convolution(32, 32),
            nn.MaxPool2d(2),
            convolution(32, 64),
            nn.MaxPool2d(2),
            nn.Dropout(0.5),
        )
        self.head = nn.Linear(64 * 3 * 3, 10)

    def forward(self, images: Tensor) -> Tensor:
        """Returns logits [N, 10]; the loss in training wants them without a softmax."""
        return self.head(self.features(images).flatten(1))


class Model:
    """What the judge calls."""

    def __init__(self, folder: Path) -> None:
        self.net = Net()
        self.net.load_state_dict(load_file(folder / "weights.safetensors"))
        self.net.eval()

    @torch.inference_mode()
    def predict(self, inputs: dict[str, np.ndarray]) -> np.ndarray:
        """Images [N, 28, 28, 1] -> probabilities [N, 10]."""
        images = torch.from_numpy(inputs["images"]).permute(0, 3, 1, 2)
        parts = [self.net(batch).softmax(dim=1) for batch in images.split(256)]
        return torch.cat(parts).numpy()
