"""The model that is submitted as `model.py`: loads the PyTorch network that was saved beside it."""

from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from ngrams import NUMBERS, ngrams, trim

torch.set_num_threads(1)

LANGUAGES = 34
WIDTH = 34


class Net(nn.Module):
    """Every run of characters has a vector; their mean, through one linear layer, is the answer.

    Shapes: int [N, places] -> [N, WIDTH] -> [N, 34].
    """

    def __init__(self) -> None:
        super().__init__()
        # Few vectors are in a batch; a sparse gradient leaves the others alone, which saves time.
        self.bag = nn.EmbeddingBag(NUMBERS, WIDTH, mode="mean", padding_idx=0, sparse=True)
        nn.init.normal_(self.bag.weight, std=0.1)
        self.head = nn.Linear(WIDTH, LANGUAGES)

    def forward(self, numbers: Tensor) -> Tensor:
        """Returns logits [N, 34]; the loss in training wants them without a softmax."""
        return self.head(self.bag(numbers))


class Model:
    """What the judge calls."""

    def __init__(self, folder: Path) -> None:
        self.net = Net()
        self.net.load_state_dict(load_file(folder / "weights.safetensors"))
        self.net.eval()

    @torch.inference_mode()
    def predict(self, inputs: dict[str, np.ndarray]) -> np.ndarray:
        """Texts [N] -> probabilities [N, 34]."""
        numbers = torch.from_numpy(trim(ngrams(inputs["text"])))
        parts = [self.net(batch).softmax(dim=1) for batch in numbers.split(256)]
        return torch.cat(parts).numpy()
