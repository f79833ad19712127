"""Models whose bits per character can be computed without the judge, in the real sandbox.

The texts are those of nobody: words of a made-up language, some of them beyond ASCII.
"""

import io
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from evaluators.report import EvaluationReport, Split
from evaluators.sandbox import Sandbox
from evaluators.scoring import units_split
from evaluators.verdicts import Verdict
from tests.evaluators.tiny_text_task import PRACTICE, SEED, judge_lines

SYMBOLS, END, MIXED = 257, 256, 1e-4
ORDER = 5
Probability = Callable[[Sequence[int], int], float]


def lines(seed: int, count: int) -> tuple[str, ...]:
    random = np.random.default_rng(seed)
    words = ["na", "žluť", "ové", "stro", "moc", "日", "lesa", "po", "od", "dar"]
    return tuple(
        " ".join(random.choice(words, int(length))) for length in random.integers(0, 9, count)
    )


TRAINING, JUDGED = lines(0, 200), lines(1, 30)


def symbols_of(text: str) -> list[int]:
    return [*text.encode(), END]


# Witten and Bell's mixture: of a context of so many symbols what followed it, and the shorter ones.
FOLLOWED: dict[tuple[int, ...], Counter[int]] = defaultdict(Counter)
for line in TRAINING:
    past = [END] * ORDER + symbols_of(line)
    for place in range(ORDER, len(past)):
        for order in range(ORDER + 1):
            FOLLOWED[tuple(past[place - order : place])][past[place]] += 1


def five_gram(before: Sequence[int], symbol: int) -> float:
    probability = 1 / SYMBOLS
    for order in range(ORDER + 1):
        context = tuple(before[len(before) - order :])
        if context in FOLLOWED:
            count = FOLLOWED[context]
            total, kinds = sum(count.values()), len(count)
            probability = (count[symbol] + kinds * probability) / (total + kinds)
    return probability


def unigram(before: Sequence[int], symbol: int) -> float:
    count = FOLLOWED[()]
    return (count[symbol] + 1) / (sum(count.values()) + SYMBOLS)


def certain(before: Sequence[int], symbol: int) -> float:
    """Whatever was last comes again."""
    return float(symbol == before[-1])


def documents_bits(texts: Sequence[str], probability: Probability) -> list[float]:
    found = []
    for text in texts:
        past = [END] * ORDER
        bits = 0.0
        for symbol in symbols_of(text):
            mixed = (1 - MIXED) * probability(past, symbol) + MIXED / SYMBOLS
            bits -= math.log2(mixed)
            past.append(symbol)
        found.append(bits)
    return found


def per_character(texts: Sequence[str], probability: Probability) -> float:
    return sum(documents_bits(texts, probability)) / sum(len(text) + 1 for text in texts)


UNIGRAM = f"""
import numpy as np
COUNTS = {dict(FOLLOWED[()])!r}

class Model:
    def __init__(self, folder):
        counts = np.ones(257)
        for symbol, count in COUNTS.items():
            counts[symbol] += count
        self.answer = np.log(counts / counts.sum()).astype(np.float32)
    def start(self, batch_size):
        return None
    def step(self, state, symbols):
        return np.tile(self.answer, (len(symbols), 1)), state
"""

CERTAIN = """
import numpy as np

class Model:
    def __init__(self, folder): ...
    def start(self, batch_size):
        return None
    def step(self, state, symbols):
        answer = np.full((len(symbols), 257), -np.inf, np.float32)
        answer[np.arange(len(symbols)), symbols] = 0
        return answer, state
"""

FIVE_GRAM = f"""
import numpy as np
FOLLOWED = { ({context: dict(count) for context, count in FOLLOWED.items()})!r}

class Model:
    def __init__(self, folder): ...
    def start(self, batch_size):
        return [(256,) * 4] * batch_size
    def step(self, state, symbols):
        state = [(*past, int(symbol))[-5:] for past, symbol in zip(state, symbols)]
        return np.log([self.answer(past) for past in state]).astype(np.float32), state
    def answer(self, past):
        probabilities = np.full(257, 1 / 257)
        for order in range(6):
            count = FOLLOWED.get(past[5 - order:])
            if count is not None:
                probabilities *= len(count)
                for symbol, times in count.items():
                    probabilities[symbol] += times
                probabilities /= sum(count.values()) + len(count)
        return probabilities
"""

MODELS = {
    "unigram": (UNIGRAM, unigram),
    "certain": (CERTAIN, certain),
    "five_gram": (FIVE_GRAM, five_gram),
}


def table(report: EvaluationReport) -> np.ndarray:
    assert report.predictions is not None
    with np.load(io.BytesIO(report.predictions)) as file:
        return np.asarray(file["predictions"])


@pytest.mark.sandbox
@pytest.mark.parametrize("name", MODELS)
def test_bits_per_character_are_those_of_a_direct_computation(
    name: str, bubblewrap: Sandbox, tmp_path: Path
) -> None:
    source, probability = MODELS[name]
    report = judge_lines(bubblewrap, tmp_path, source, judged=JUDGED)
    assert report.verdict is Verdict.SCORED, report.message
    public = units_split(np.arange(len(JUDGED)), public_fraction=0.4, seed=SEED)
    splits = {
        Split.PRACTICE: PRACTICE,
        Split.PUBLIC: [text for text, chosen in zip(JUDGED, public, strict=True) if chosen],
        Split.PRIVATE: [text for text, chosen in zip(JUDGED, public, strict=True) if not chosen],
    }
    for split, texts in splits.items():
        score = report.score("bits_per_character", split)
        assert score is not None
        assert score.value == pytest.approx(per_character(texts, probability), abs=1e-6)
    wanted = documents_bits(JUDGED, probability)
    assert table(report).sum(axis=1) == pytest.approx(np.array(wanted), abs=1e-4)


def test_the_known_models_differ() -> None:
    scores = {name: per_character(JUDGED, probability) for name, (_, probability) in MODELS.items()}
    assert scores["five_gram"] < 0.6 * scores["unigram"]
    assert scores["certain"] > 8 > scores["unigram"]


@pytest.mark.parametrize("probability", [unigram, five_gram])
def test_probabilities_add_up(probability: Probability) -> None:
    for before in ([END] * ORDER, [*b"lesa "], [*b"xxxxx"]):
        assert math.fsum(probability(before, symbol) for symbol in range(SYMBOLS)) == (
            pytest.approx(1)
        )
