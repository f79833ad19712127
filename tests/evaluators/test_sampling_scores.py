"""Measures of drawn texts against what the definitions say, computed the long way."""

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np
import pytest

from evaluators.copied_passages import SHORTEST, longest_passages
from evaluators.sampling_scores import (
    Tokens,
    distinct,
    divergence,
    sampling_scores,
    self_bleu,
)


def texts_of(seed: int, count: int, *, letters: str = "ab cde", longest: int = 60) -> list[str]:
    random = np.random.default_rng(seed)
    lengths = random.integers(0, longest, count)
    return ["".join(random.choice(list(letters), length)) for length in lengths]


def common(text: str, other: str) -> int:
    """Characters of the longest common substring, by dynamic programming."""
    best, row = 0, [0] * (len(other) + 1)
    for character in text:
        row = [0, *(row[i] + 1 if character == c else 0 for i, c in enumerate(other))]
        best = max(best, *row)
    return best


@pytest.mark.parametrize("letters", ["ab", "abc", "žšč"])
def test_passages_are_the_longest_common_substrings(letters: str) -> None:
    training = texts_of(0, 120, letters=letters)
    samples = [*texts_of(1, 20, letters=letters), training[3] + "#" + training[4], ""]
    wanted = [max(common(text, other) for other in training) for text in samples]
    found = longest_passages(samples, training)
    assert found.dtype == np.int64
    shown = 0
    for text, got, longest in zip(samples, found, wanted, strict=True):
        assert got == longest or (got == 0 and longest < SHORTEST), text
        shown += got > 0
    assert shown > 3


def test_passages_end_with_their_text() -> None:
    training = ["0123456789", "abcdefghij"]
    assert longest_passages(["0123456789abcdefghij", "89abcdefgh"], training).tolist() == [10, 8]
    assert longest_passages(["56789", ""], ["01234", "56789"]).tolist() == [0, 0]
    assert longest_passages(["anything at all"], []).tolist() == [0]
    assert longest_passages([], training).tolist() == []


def test_half_a_character_is_no_copied_one() -> None:
    # The last letters share their first byte only.
    assert longest_passages(["abcdefghž"], ["abcdefghš"]).tolist() == [8]
    assert longest_passages(["abcdefgž"], ["abcdefgš"]).tolist() == [7]


def entropy(shares: Sequence[float]) -> float:
    return -math.fsum(share * math.log2(share) for share in shares)


@pytest.mark.parametrize("seed", range(5))
def test_divergence_is_what_a_mixture_has_more_of_entropy(seed: int) -> None:
    random = np.random.default_rng(seed)
    one, other = (Counter(map(str, random.geometric(0.2, 50).tolist())) for _ in range(2))
    support = [*(one.keys() | other.keys()), "in neither"]
    sums = [counts.total() + 0.01 * len(support) for counts in (one, other)]
    p = [(one[run] + 0.01) / sums[0] for run in support]
    q = [(other[run] + 0.01) / sums[1] for run in support]
    middle = [(a + b) / 2 for a, b in zip(p, q, strict=True)]
    wanted = entropy(middle) - (entropy(p) + entropy(q)) / 2
    assert divergence(one, other) == pytest.approx(wanted)
    assert divergence(one, other) == divergence(other, one)


def test_divergence_goes_from_nothing_to_one_bit() -> None:
    one = Counter({"abcd": 1000, "bcde": 500})
    assert divergence(one, one) == 0
    assert divergence(one, Counter({"wxyz": 10**6})) == pytest.approx(1, abs=0.001)
    assert divergence(Counter(), Counter()) == 0


def test_distinct_runs_do_not_cross_texts() -> None:
    texts = [["a", "b", "a"], ["b", "a"]]
    assert distinct(texts, 1) == 2 / 5
    assert distinct(texts, 2) == 2 / 3
    assert distinct(texts, 3) == 1
    assert distinct(texts, 4) == 0


def bleu(text: Tokens, others: Sequence[Tokens]) -> float:
    """BLEU-4 as its definition has it, each precision but the first smoothed by one."""
    product = 1.0
    for length in range(1, 5):

        def runs(words: Tokens, length: int = length) -> list[tuple[str, ...]]:
            return [tuple(words[i : i + length]) for i in range(len(words) - length + 1)]

        matched = sum(
            min(count, max(runs(other).count(run) for other in others))
            for run, count in Counter(runs(text)).items()
        )
        more = 0 if length == 1 else 1
        total = len(runs(text)) + more
        product *= (matched + more) / total if total else 0.0
    reference = min((abs(len(other) - len(text)), len(other)) for other in others)[1]
    penalty = 1.0 if len(text) > reference else math.exp(1 - reference / max(len(text), 1))
    return float(penalty * product**0.25)


@pytest.mark.parametrize("seed", range(5))
def test_self_bleu_is_the_mean_of_bleu(seed: int) -> None:
    random = np.random.default_rng(seed)
    texts = [random.choice(list("abcd"), random.integers(0, 12)).tolist() for _ in range(12)]
    texts.append(texts[0])
    wanted = [bleu(text, texts[:i] + texts[i + 1 :]) for i, text in enumerate(texts)]
    assert self_bleu(texts) == pytest.approx(np.mean(wanted))
    assert 0.1 < self_bleu(texts) < 0.95


def test_self_bleu_of_the_same_and_of_nothing_in_common() -> None:
    same = ["in", "the", "beginning", "was", "the", "word"]
    assert self_bleu([same] * 3) == pytest.approx(1)
    assert self_bleu([["a"], ["b"], []]) == 0
    assert self_bleu([same]) == 0


def test_like_is_compared_with_like() -> None:
    texts = texts_of(0, 400, letters="the and of lord said unto")
    training, hidden, samples = texts[:200], texts[200:300], texts[300:]
    scores = sampling_scores(samples, hidden, training)
    assert scores.samples.divergence == pytest.approx(scores.human.divergence, rel=0.1)
    assert scores.samples.self_bleu == pytest.approx(scores.human.self_bleu, abs=0.05)
    assert scores.samples.copies < 0.1 and scores.human.copies < 0.1
    # Twice as many samples are not twice as repetitive: the same number of characters is looked at.
    more = sampling_scores(samples * 2, hidden, training)
    assert more.samples.divergence == scores.samples.divergence
    assert more.samples.distinct == scores.samples.distinct


def test_copies_are_seen() -> None:
    texts = texts_of(0, 100, letters="abcdefgh ", longest=200)
    texts = [text for text in texts if len(text) > 41]
    training, hidden = texts[:30], texts[30:]
    honest = sampling_scores(hidden, hidden, training).samples
    copied = sampling_scores(training, hidden, training).samples
    assert honest.copies == 0 and honest.short_passages == 1 and honest.longest_passage < 20
    assert copied.copies == 1 and copied.short_passages == 0
    assert copied.longest_passage == max(map(len, training))
    assert copied.median_passage == np.median([len(text) for text in training])


def test_monotony_is_seen() -> None:
    hidden = texts_of(0, 100)
    one = sampling_scores(["abc abc abc abc"] * 100, hidden, ["nothing"])
    assert one.samples.divergence > 2 * one.human.divergence
    assert one.samples.distinct[1] < 0.1 * one.human.distinct[1]
    assert one.samples.self_bleu == pytest.approx(1)


def test_hostile_samples_are_measured() -> None:
    hidden = texts_of(0, 10)
    for samples in (["", ""], ["\0", "\0\0"], ["#" * 2000] * 200, ["日" * 2000, "\U0010ffff" * 9]):
        scores = sampling_scores(samples, hidden, hidden)
        assert 0 <= scores.samples.divergence <= 1
        assert scores.samples.longest_passage == 0


@pytest.mark.parametrize(("samples", "hidden"), [(1, 9), (9, 3), (0, 0)])
def test_too_few_texts_are_refused(samples: int, hidden: int) -> None:
    with pytest.raises(ValueError, match="least"):
        sampling_scores(["a"] * samples, ["b"] * hidden, ["c"])
