"""The model that is submitted as `model.py`: a recurrent network over bytes in PyTorch."""

from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from data import SYMBOLS, draw

torch.set_num_threads(1)


class Net(nn.Module):
    """Each byte becomes a vector, a GRU reads them, a linear layer says what comes next.

    symbols int64 [N, T], state [1, N, H] -> logits [N, T, 257], state.
    """

    def __init__(self, embedding: int = 64, hidden: int = 192) -> None:
        super().__init__()
        self.hidden = hidden
        self.embed = nn.Embedding(SYMBOLS, embedding)
        self.gru = nn.GRU(embedding, hidden, batch_first=True)
        self.head = nn.Linear(hidden, SYMBOLS)

    def forward(self, symbols: Tensor, state: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Reads symbols from left to right, from a state or from the beginning."""
        outputs, state = self.gru(self.embed(symbols), state)
        return self.head(outputs), state


class Model:
    """What the judge calls."""

    def __init__(self, folder: Path) -> None:
        self.net = Net()
        self.net.load_state_dict(load_file(folder / "weights.safetensors"))
        self.net.eval()

    def start(self, batch_size: int) -> Tensor:
        """The state of so many documents, [1, B, H]."""
        return torch.zeros(1, batch_size, self.net.hidden)

    @torch.inference_mode()
    def step(self, state: Tensor, symbols: np.ndarray) -> tuple[np.ndarray, Tensor]:
        """Previous symbols uint16 [B] -> log-probabilities float32 [B, 257] of the next ones."""
        logits, state = self.net(torch.from_numpy(symbols.astype(np.int64))[:, None], state)
        return logits[:, 0].log_softmax(dim=1).numpy(), state

    def sample(self, seed: int, n: int) -> list[str]:
        """Draws n texts."""
        return draw(self, seed, n)
