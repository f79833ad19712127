"""What can be said of texts that a language model drew: information, which no score depends on.

Each number stands beside the same number of real texts, because none of them means much alone: real
texts differ from each other, repeat words, and share phrases with what was trained on.
"""

import math
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from evaluators.copied_passages import longest_passages

CHARACTERS = 4  # of the runs whose frequencies are compared
ADDED = 0.01  # to the count of each run, so that none is impossible
BLEU_WORDS = 4
SHORT_PASSAGE = 40
_TOKEN = re.compile(r"\w+|[^\w\s]")
Tokens = list[str]
Text = TypeVar("Text", str, tuple[str, ...])


@dataclass(frozen=True, slots=True)
class Measures:
    """What is measured of some texts.

    Attributes:
        divergence: Jensen-Shannon divergence, in bits from 0 to 1, of the frequencies of runs of
            four characters from those of other real texts.
        distinct: of runs of one, two and three words, the share that are different from each other.
        self_bleu: mean BLEU-4 of each text against the others, from 0 to 1.
        passages: int64 [N], characters of the longest passage of each text that stands in a
            training text; 0 if it is shorter than 8 bytes.
        copies: the share of texts that are training texts.
    """

    divergence: float
    distinct: tuple[float, float, float]
    self_bleu: float
    passages: NDArray[np.int64]
    copies: float

    @property
    def median_passage(self) -> float:
        """Characters of the longest copied passage of a text, the median."""
        return float(np.median(self.passages))

    @property
    def longest_passage(self) -> int:
        """Characters of the longest copied passage of all."""
        return int(self.passages.max())

    @property
    def short_passages(self) -> float:
        """The share of texts that copy no passage of more than 40 characters."""
        return float((self.passages <= SHORT_PASSAGE).mean())


@dataclass(frozen=True, slots=True)
class SamplingScores:
    """Measures of samples, and of real texts beside them.

    Attributes:
        samples: of what the model drew.
        human: of one half of the held-out texts; what divergence is from is the other half.
    """

    samples: Measures
    human: Measures


def sampling_scores(
    samples: Sequence[str], hidden: Sequence[str], training: Sequence[str]
) -> SamplingScores:
    """Measures samples and real texts alike.

    Divergence, distinct runs and self-BLEU depend on how much text they are taken of, so they see
    the same number of characters of both: the first ones.

    Args:
        samples: drawn texts, at least two.
        hidden: real texts that the model was not trained on, at least four, in no order.
        training: those that it was.

    Raises:
        ValueError: there are too few texts.
    """
    if len(samples) < 2 or len(hidden) < 4:
        raise ValueError("two samples and four held-out texts are the least")
    others, human = hidden[0::2], hidden[1::2]
    characters = min(sum(map(len, samples)), sum(map(len, human)))
    frequencies = _frequencies(others)
    passages = longest_passages([*samples, *human], training)
    known = set(training)

    def measured(texts: Sequence[str], own: NDArray[np.int64]) -> Measures:
        compared = _first(texts, characters)
        tokens = [_TOKEN.findall(text) for text in compared]
        return Measures(
            divergence=divergence(_frequencies(compared), frequencies),
            distinct=(distinct(tokens, 1), distinct(tokens, 2), distinct(tokens, 3)),
            self_bleu=self_bleu(tokens),
            passages=own,
            copies=sum(text in known for text in texts) / len(texts),
        )

    return SamplingScores(
        samples=measured(samples, passages[: len(samples)]),
        human=measured(human, passages[len(samples) :]),
    )


def divergence(one: Counter[str], other: Counter[str]) -> float:
    """Jensen-Shannon divergence of two counts, in bits: 0 if they are alike, 1 at most.

    To each run that either has, and to one that neither has, a hundredth is added.
    """
    support = sorted(one.keys() | other.keys())
    p, q = (
        np.array([*(counts[run] for run in support), 0], np.float64) + ADDED
        for counts in (one, other)
    )
    p, q = p / p.sum(), q / q.sum()
    middle = (p + q) / 2
    bits = (p * np.log2(p / middle) + q * np.log2(q / middle)).sum() / 2
    return float(max(bits, 0.0))


def distinct(texts: Sequence[Tokens], length: int) -> float:
    """Different runs of so many words by all runs; 0 if there are none."""
    runs = [run for text in texts for run in _runs(tuple(text), length)]
    return len(set(runs)) / len(runs) if runs else 0.0


def self_bleu(texts: Sequence[Tokens]) -> float:
    """Mean BLEU-4 of each text against all others; 0 for fewer than two.

    Precisions of two words and more are (matches + 1) / (runs + 1), after Lin and Och (2004), since
    texts are short. The length of the reference is the nearest one, the shorter of two.
    """
    if len(texts) < 2:
        return 0.0
    counts = [_run_counts(text) for text in texts]
    best = _largest_two(counts)
    lengths = sorted(map(len, texts))
    scores = []
    for number, text in enumerate(texts):
        matches = [0] * BLEU_WORDS
        for run, count in counts[number].items():
            first, holder, second = best[run]
            matches[len(run) - 1] += min(count, second if holder == number else first)
        scores.append(_bleu(matches, len(text), _nearest_length(lengths, len(text))))
    return math.fsum(scores) / len(scores)


def _bleu(matches: list[int], length: int, reference: int) -> float:
    if not matches[0]:
        return 0.0
    logs = math.log(matches[0] / length)
    for more, matched in enumerate(matches[1:], 1):
        logs += math.log((matched + 1) / (max(length - more, 0) + 1))
    penalty = min(0.0, 1 - reference / length)
    return math.exp(logs / BLEU_WORDS + penalty)


def _run_counts(text: Tokens) -> Counter[tuple[str, ...]]:
    words = tuple(text)
    return Counter(run for length in range(1, BLEU_WORDS + 1) for run in _runs(words, length))


def _largest_two(
    counts: Sequence[Counter[tuple[str, ...]]],
) -> dict[tuple[str, ...], tuple[int, int, int]]:
    """By run, its largest count in a text, which text that is, and the largest in another one."""
    best: dict[tuple[str, ...], tuple[int, int, int]] = {}
    for number, one in enumerate(counts):
        for run, count in one.items():
            first, holder, second = best.get(run, (0, -1, 0))
            if count > first:
                best[run] = (count, number, first)
            elif count > second:
                best[run] = (first, holder, count)
    return best


def _nearest_length(lengths: list[int], own: int) -> int:
    """The nearest of sorted lengths, without one text of the own length."""
    place = bisect_left(lengths, own)
    around = lengths[max(place - 1, 0) : place] + lengths[place + 1 : place + 2]
    return min(around, key=lambda length: (abs(length - own), length))


def _frequencies(texts: Sequence[str]) -> Counter[str]:
    return Counter(run for text in texts for run in _runs(text, CHARACTERS))


def _first(texts: Sequence[str], characters: int) -> list[str]:
    """The first texts, the last of them cut, that have so many characters together."""
    kept = []
    for text in texts:
        if characters <= 0:
            break
        kept.append(text[:characters])
        characters -= len(text)
    return kept


def _runs(text: Text, length: int) -> list[Text]:
    return [text[start : start + length] for start in range(len(text) - length + 1)]
