"""Loads the texts that you downloaded, measures a model, and packs it. NumPy is all it needs."""

import zipfile
from pathlib import Path
from typing import Any

import numpy as np

END = 256  # the symbol after the bytes 0..255: end of text, and what stands before the first letter
SYMBOLS = 257


def load_train(folder: Path) -> list[str]:
    """The texts to learn from."""
    with np.load(_find(folder, "train.npz")) as file:
        return [str(text) for text in file["text"]]


def load_practice(folder: Path) -> list[str]:
    """The practice sample: texts of other documents, like those that you are judged on."""
    with np.load(_find(folder, "practice.npz")) as file:
        return [str(text) for text in file["input_text"]]


def encode(text: str) -> np.ndarray:
    """A text as symbols: its UTF-8 bytes and the end of text, uint16 [bytes + 1]."""
    return np.array([*text.encode(), END], np.uint16)


def decode(symbols: np.ndarray) -> str:
    """The text of symbols up to the first end of text; bytes that are no UTF-8 are replaced."""
    content = bytes(int(symbol) for symbol in symbols[: _length(symbols)])
    return content.decode(errors="replace")


def table(texts: list[str]) -> np.ndarray:
    """Texts side by side: uint16 [N, longest], filled up with ends of text."""
    rows = [encode(text) for text in texts]
    symbols = np.full((len(rows), max(map(len, rows))), END, np.uint16)
    for row, content in zip(symbols, rows, strict=True):
        row[: len(content)] = content
    return symbols


def bits_per_character(model: Any, texts: list[str]) -> float:
    """The competition's metric, in lockstep as the judge computes it. Smaller is better."""
    symbols = table(texts)
    lengths = np.array([len(encode(text)) for text in texts])
    state, previous, bits = model.start(len(texts)), np.full(len(texts), END, np.uint16), 0.0
    for step in range(symbols.shape[1]):
        log_probs, state = model.step(state, previous)
        active = step < lengths
        logs = log_probs[active].astype(np.float64)
        logs -= np.logaddexp.reduce(logs, axis=1, keepdims=True)
        shares = np.exp(logs[np.arange(len(logs)), symbols[active, step]])
        bits -= np.log2((1 - 1e-4) * shares + 1e-4 / SYMBOLS).sum()
        previous = symbols[:, step]
    return bits / sum(len(text) + 1 for text in texts)


def draw(model: Any, seed: int, n: int, longest: int = 320) -> list[str]:
    """Draws texts letter by letter from a model with `start` and `step`."""
    random = np.random.default_rng(seed)
    state, previous = model.start(n), np.full(n, END, np.uint16)
    drawn = np.full((n, longest), END, np.uint16)
    alive = np.ones(n, bool)
    for step in range(longest):
        log_probs, state = model.step(state, previous)
        # The largest of log p + Gumbel noise is a draw from p.
        noise = random.gumbel(size=log_probs.shape)
        previous = np.argmax(log_probs + noise, axis=1).astype(np.uint16)
        previous[~alive] = END
        drawn[:, step] = previous
        alive &= previous != END
        if not alive.any():
            break
    return [decode(row) for row in drawn]


def report(model: Any, texts: list[str]) -> None:
    """Prints how good a model is, and what it writes."""
    print(f"practice: {bits_per_character(model, texts):.4f} bits per character")
    for text in model.sample(0, 3):
        print(f"  > {text}")


def pack(model_source: Path, weights: Path, submission: Path) -> None:
    """Zips a submission: the model's source as `model.py`, `data.py`, and the weights beside it."""
    with zipfile.ZipFile(submission, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(model_source, "model.py")
        archive.write(Path(__file__), "data.py")
        archive.write(weights, weights.name)
    print(f"wrote {submission} ({submission.stat().st_size / 1e6:.1f} MB)")


def _length(symbols: np.ndarray) -> int:
    ends = np.flatnonzero(symbols == END)
    return int(ends[0]) if len(ends) else len(symbols)


def _find(folder: Path, name: str) -> Path:
    path = Path(folder) / name
    if not path.is_file():
        raise SystemExit(
            f"{path} is missing: download the competition's data and unpack it into {folder}/, "
            "or say with --data where it lies."
        )
    return path
