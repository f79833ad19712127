"""The model that is submitted as `model.py`: a small fully connected network in PyTorch."""

from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from torch import Tensor, nn

torch.set_num_threads(1)


class Net(nn.Module):
    """Three linear layers with a smooth bend between them.

    It scales its inputs and its answer itself, so that `predict` need not know how.
    Shapes: [N, 14] -> [N, 128] -> [N, 128] -> [N].
    """

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("centre", torch.zeros(14))
        self.register_buffer("spread", torch.ones(14))
        self.register_buffer("scale", torch.ones(()))
        self.layers = nn.Sequential(
            nn.Linear(14, 128),
            nn.SiLU(),
            nn.Dropout(0.1),
            nn.Linear(128, 128),
            nn.SiLU(),
            nn.Dropout(0.1),
            nn.Linear(128, 1),
        )

    def adapt(self, features: Tensor, rentals: Tensor) -> None:
        """Takes the scales from the training data."""
        self.centre.copy_(features.mean(dim=0))
        self.spread.copy_(features.std(dim=0))
        self.scale.copy_(rentals.std())

    def forward(self, features: Tensor) -> Tensor:
        """Returns rentals in units of `scale`, which is what the loss in training wants."""
        return self.layers((features - self.centre) / self.spread).squeeze(1)


class Model:
    """What the judge calls."""

    def __init__(self, folder: Path) -> None:
        self.net = Net()
        self.net.load_state_dict(load_file(folder / "weights.safetensors"))
        self.net.eval()

    @torch.inference_mode()
    def predict(self, inputs: dict[str, np.ndarray]) -> np.ndarray:
        """Features [N, 14] -> rentals [N], none of them below 0."""
        answers = self.net(torch.from_numpy(inputs["features"])) * self.net.scale
        return answers.clamp(min=0).numpy()
