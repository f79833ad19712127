"""The model that is submitted as `model.py`: what followed the last letters in the training text.

For a context c, the letters that precede, and each next symbol s (Witten and Bell 1991):

    p(s | c) = (count(c s) + kinds(c) * p(s | c without its first letter)) / (count(c) + kinds(c))

where kinds(c) is how many different symbols followed c. So the less is known of a context, the
more a shorter one decides; the shortest knows nothing, and all symbols are alike to it.
"""

from pathlib import Path

import numpy as np

from data import END, SYMBOLS, draw

BITS = 9  # of a symbol in a context's key


class Order:
    """All contexts of one length, and what followed each.

    keys: int64 [C], sorted. first: int64 [C + 1], where each context's followers begin.
    symbols: uint16 [F]. counts: float32 [F].
    """

    def __init__(self, arrays: dict[str, np.ndarray], length: int) -> None:
        self.keys = arrays[f"keys{length}"]
        self.first = arrays[f"first{length}"].astype(np.int64)
        self.symbols = arrays[f"symbols{length}"].astype(np.int64)
        self.counts = arrays[f"counts{length}"].astype(np.float32)
        sums = np.add.reduceat(self.counts, self.first[:-1])
        kinds = np.diff(self.first).astype(np.float32)
        self.known = 1 / (sums + kinds)
        self.shorter = kinds / (sums + kinds)

    def refine(self, probabilities: np.ndarray, contexts: np.ndarray) -> None:
        """Mixes what followed each context [B] into what shorter ones say [B, 257], in place."""
        place = np.searchsorted(self.keys, contexts).clip(max=len(self.keys) - 1)
        rows = np.flatnonzero(self.keys[place] == contexts)
        place = place[rows]
        probabilities[rows] *= self.shorter[place, np.newaxis]
        sizes = self.first[place + 1] - self.first[place]
        # The followers of all contexts, one after another.
        within = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        followers = np.repeat(self.first[place], sizes) + within
        shares = self.counts[followers] * np.repeat(self.known[place], sizes)
        probabilities[np.repeat(rows, sizes), self.symbols[followers]] += shares


class Model:
    """What the judge calls."""

    def __init__(self, folder: Path) -> None:
        with np.load(folder / "weights.npz") as file:
            arrays = dict(file)
        self.longest = int(arrays["longest"])
        self.orders = [Order(arrays, length) for length in range(self.longest + 1)]

    def start(self, batch_size: int) -> np.ndarray:
        """The state of so many documents: the key of their last letters, int64 [B]."""
        key = 0
        for _ in range(self.longest):
            key = (key << BITS) | END
        return np.full(batch_size, key, np.int64)

    def step(self, state: np.ndarray, symbols: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Previous symbols uint16 [B] -> log-probabilities float32 [B, 257] of the next ones."""
        state = ((state << BITS) | symbols) & ((1 << BITS * self.longest) - 1)
        probabilities = np.full((len(symbols), SYMBOLS), 1 / SYMBOLS, np.float32)
        for length, order in enumerate(self.orders):
            order.refine(probabilities, state & ((1 << BITS * length) - 1))
        return np.log(probabilities), state

    def sample(self, seed: int, n: int) -> list[str]:
        """Draws n texts."""
        return draw(self, seed, n)
