"""Loads the data that you downloaded, and packs a model for submission. NumPy is all it needs."""

import math
import zipfile
from pathlib import Path
from typing import NamedTuple

import numpy as np

OPINIONS = ("negative", "neutral", "positive")


class Sentences(NamedTuple):
    """Sentences of film reviews with the opinion in them.

    text: str [N].
    opinion: int64 [N], an index into OPINIONS.
    rating: float32 [N], the mean of what some twenty people said, from -4 to 4: from 0.75 on an
        opinion is positive, and from -0.75 on negative. Only of the training data; None otherwise.
    group: int64 [N], the same for the few sentences that quote each other. Keep them on one side
        when you hold some out.
    """

    text: np.ndarray
    opinion: np.ndarray
    rating: np.ndarray | None
    group: np.ndarray


def load_train(folder: Path) -> Sentences:
    """The sentences to learn from."""
    with np.load(_find(folder, "train.npz")) as file:
        return Sentences(file["text"], file["target"], file["rating"], file["group"])


def load_practice(folder: Path) -> Sentences:
    """The practice sample: sentences like those that you are judged on."""
    with np.load(_find(folder, "practice.npz")) as file:
        return Sentences(file["input_text"], file["target"], None, file["unit"])


def soft_opinions(rating: np.ndarray, spread: float = 0.6) -> np.ndarray:
    """Turns each mean rating into probabilities of the three opinions, float32 [N, 3].

    The mean of other people would have been another one. It is taken to lie about this one as in a
    bell curve: a sentence rated 0.76 is positive, but might as well have been neutral.

    Args:
        rating: mean ratings [N], from -4 to 4.
        spread: standard deviation of the bell curve. By chance alone a mean of twenty ratings
            strays by 0.2; a wider curve tells a model more of what lies near a bound.
    """
    below = [
        [(1 + math.erf((bound - value) / (spread * math.sqrt(2)))) / 2 for bound in (-0.75, 0.75)]
        for value in rating.tolist()
    ]
    return np.diff(below, axis=1, prepend=0.0, append=1.0).astype(np.float32)


def f1_scores(opinion: np.ndarray, probabilities: np.ndarray) -> np.ndarray:
    """F1 of each opinion, 2 hits / (answers + sentences of it): float64 [3]."""
    answer = np.argmax(probabilities, axis=1)
    hits = np.bincount(opinion[answer == opinion], minlength=len(OPINIONS))
    whole = np.bincount(answer, minlength=len(OPINIONS))
    whole = whole + np.bincount(opinion, minlength=len(OPINIONS))
    return 2 * hits / np.maximum(whole, 1)


def macro_f1(opinion: np.ndarray, probabilities: np.ndarray) -> float:
    """The competition's metric: the mean of the three F1 scores. Larger is better."""
    return float(f1_scores(opinion, probabilities).mean())


def report(opinion: np.ndarray, probabilities: np.ndarray) -> None:
    """Prints how good these probabilities are, for each opinion and in all."""
    for name, score in zip(OPINIONS, f1_scores(opinion, probabilities), strict=True):
        print(f"{name:>9}: F1 {score:.3f}")
    right = (np.argmax(probabilities, axis=1) == opinion).mean()
    print(f"practice: macro F1 {macro_f1(opinion, probabilities):.4f}, {right:.1%} right")


def pack(model_source: Path, weights: Path | None, submission: Path, *beside: Path) -> None:
    """Zips a submission: the model's source as `model.py`, its weights and more files beside it."""
    with zipfile.ZipFile(submission, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(model_source, "model.py")
        for path in (weights, *beside):
            if path is not None:
                archive.write(path, path.name)
    print(f"wrote {submission} ({submission.stat().st_size / 1e6:.1f} MB)")


def _find(folder: Path, name: str) -> Path:
    path = Path(folder) / name
    if not path.is_file():
        raise SystemExit(
            f"{path} is missing: download the competition's data and unpack it into {folder}/, "
            "or say with --data where it lies."
        )
    return path
