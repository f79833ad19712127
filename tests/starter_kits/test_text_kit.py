"""The kit of the next letter on made-up verses: each script learns, and the check agrees."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from evaluators.protocols.lockstep import document_symbols, symbol_bits
from springboard.check import check
from springboard.local import LocalRun
from tests.digits import ROOT, runtime_python

KIT = ROOT / "starter_kits" / "text_generation"
TASK = ROOT / "tasks" / "text_generation"
NAMES = ("keras", "ngram", "torch", "trivial")
WORDS = ("and", "the", "lord", "said", "unto", "žluť", "kings", "of", "days", "went")


def verses(seed: int, count: int) -> list[str]:
    random = np.random.default_rng(seed)
    return [" ".join(random.choice(WORDS, random.integers(1, 9))) + "." for _ in range(count)]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("verses")
    np.savez(folder / "train.npz", text=np.array(verses(0, 2000)))
    practice = np.array(verses(1, 40))
    np.savez(folder / "practice.npz", input_text=practice, unit=np.arange(40))
    return folder


@pytest.fixture(scope="module")
def trained(data: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, float]]:
    """By baseline, its submission, and the practice score that it printed."""
    out = tmp_path_factory.mktemp("out")
    found = {}
    for name in NAMES:
        script = KIT / f"train_{name}.py"
        command: list[str | Path] = [runtime_python(), script, "--data", data, "--out", out]
        done = subprocess.run(
            [*command, "--epochs", "1"], capture_output=True, text=True, timeout=200
        )
        assert done.returncode == 0, done.stderr
        printed = re.search(r"practice: ([\d.]+) bits per character", done.stdout)
        assert printed is not None
        found[name] = (out / f"{name}.zip", float(printed[1]))
    return found


@pytest.mark.runtime
@pytest.mark.parametrize("name", NAMES)
def test_it_learns_and_the_check_agrees_on_the_score(
    name: str,
    trained: dict[str, tuple[Path, float]],
    data: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    submission, printed = trained[name]
    # The check runs models with the interpreter that runs it; here it stands in the runtime's.
    monkeypatch.setattr("sys.executable", str(runtime_python()))
    result = check(path=submission, task_folder=TASK, data_folder=data, sandbox=LocalRun())
    assert result.verdict == "scored", result.message
    assert result.scores[0].metric == "bits_per_character"
    assert result.scores[0].value == pytest.approx(printed, abs=1e-4)
    trivial = trained["trivial"][1]
    # Ten words are ten words: who has counted them needs less than a bit for a letter.
    assert printed == trivial if name == "trivial" else printed < 0.9 * trivial
    assert name != "ngram" or printed < 1.2


@pytest.fixture
def kit(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, ModuleType]]:
    """The kit's modules, imported as its scripts do, and forgotten afterwards."""
    monkeypatch.syspath_prepend(str(KIT))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    names = ("data", "model_ngram", "model_trivial")
    for name in names:
        monkeypatch.delitem(sys.modules, name, raising=False)
    yield {name: __import__(name) for name in names}
    for name in names:
        sys.modules.pop(name, None)


class Cycle:
    """A model that is sure of "ab", again and again, until the tenth symbol."""

    def start(self, batch_size: int) -> int:
        return 0

    def step(self, state: int, symbols: np.ndarray) -> tuple[np.ndarray, int]:
        log_probs = np.full((len(symbols), 257), -50.0, np.float32)
        log_probs[:, 256 if state == 9 else ord("ab"[state % 2])] = 3.0
        return log_probs, state + 1


def test_the_kit_s_metric_is_the_judge_s(kit: dict[str, ModuleType]) -> None:
    texts = ["ab" * 4, "", "ba", "é"]
    bits = 0.0
    for text in texts:
        for step, symbol in enumerate(document_symbols(text)):
            log_probs, _ = Cycle().step(step, np.zeros(1, np.uint16))
            bits += float(symbol_bits(log_probs, np.array([symbol]))[0])
    wanted = bits / sum(len(text) + 1 for text in texts)
    assert kit["data"].bits_per_character(Cycle(), texts) == pytest.approx(wanted)


def test_texts_are_drawn_until_their_end(kit: dict[str, ModuleType]) -> None:
    assert kit["data"].draw(Cycle(), seed=0, n=3) == ["ababababa"] * 3
    assert kit["data"].draw(Cycle(), seed=0, n=2, longest=4) == ["abab"] * 2
    with_bad_bytes = np.array([ord("a"), 0xFF, 256, ord("b")], np.uint16)
    assert kit["data"].decode(with_bad_bytes) == "a\N{REPLACEMENT CHARACTER}"
    assert kit["data"].decode(kit["data"].encode("žluť")) == "žluť"


@pytest.mark.runtime
def test_counting_is_witten_and_bell_s(
    kit: dict[str, ModuleType], data: Path, trained: dict[str, tuple[Path, float]]
) -> None:
    model: Any = kit["model_ngram"].Model(trained["ngram"][0].parent / "ngram")
    texts = verses(0, 2000)
    state, given = model.start(1), [256, *b"and th"]
    for symbol in given:
        log_probs, state = model.step(state, np.array([symbol], np.uint16))
    shares = np.exp(log_probs[0].astype(np.float64))
    assert shares.sum() == pytest.approx(1, abs=1e-4)
    probabilities = np.full(257, 1 / 257)
    symbols = [[256] * 5 + [*text.encode(), 256] for text in texts]
    for order in range(6):
        context = given[len(given) - order :]
        counts = np.zeros(257)
        for line in symbols:
            for place in range(5, len(line)):
                if line[place - order : place] == context:
                    counts[line[place]] += 1
        kinds = np.count_nonzero(counts)
        assert counts.sum() > 1
        probabilities = (counts + kinds * probabilities) / (counts.sum() + kinds)
    assert shares == pytest.approx(probabilities, abs=1e-5)


@pytest.mark.runtime
def test_counting_draws_the_same_texts_for_a_seed(
    kit: dict[str, ModuleType], trained: dict[str, tuple[Path, float]]
) -> None:
    model = kit["model_ngram"].Model(trained["ngram"][0].parent / "ngram")
    texts = model.sample(3, 20)
    assert texts == model.sample(3, 20) != model.sample(4, 20)
    words = " ".join(texts).replace(".", "").split()
    assert sum(word in WORDS for word in words) > 0.9 * len(words)
