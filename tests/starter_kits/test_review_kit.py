"""The film reviews' kit on made-up sentences: each script learns, and the check agrees."""

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from springboard.check import check
from springboard.local import LocalRun
from tests.digits import ROOT, runtime_python

KIT = ROOT / "starter_kits" / "review_classification"
TASK = ROOT / "tasks" / "review_classification"
SENTENCES = 400
PRACTICE = 120
EPOCHS = {"keras": "12", "torch": "20", "sklearn": "5"}
TELLING = (("dull", "bad", "tiresome"), ("so-so", "longish", "odd"), ("funny", "great", "moving"))
FILLING = ("the", "a", "film", "plot", "of", "and", "in", "with", "story", "it", "music", "scene")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sentences of words that mean nothing, and one that tells the opinion."""
    folder = tmp_path_factory.mktemp("data")
    random = np.random.default_rng(0)
    opinion = random.choice(3, SENTENCES, p=[0.45, 0.1, 0.45])
    text = []
    for one in opinion:
        words = random.choice(FILLING, random.integers(3, 20)).tolist()
        words.insert(int(random.integers(len(words))), str(random.choice(TELLING[one])))
        text.append(" ".join(words) + ".")
    texts, unit = np.array(text), np.arange(SENTENCES)
    rating = (2.0 * (opinion - 1)).astype(np.float32)
    np.savez(folder / "train.npz", text=texts, target=opinion, rating=rating, group=unit)
    stratum = np.zeros(PRACTICE, np.int64)
    part = slice(0, PRACTICE)
    np.savez(
        folder / "practice.npz",
        input_text=texts[part],
        target=opinion[part],
        unit=unit[part],
        stratum=stratum,
    )
    return folder


@pytest.mark.runtime
@pytest.mark.parametrize("name", ["keras", "torch", "sklearn", "trivial"])
def test_it_learns_and_the_check_scores_it(
    name: str, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script, out = KIT / f"train_{name}.py", tmp_path / "out"
    command = [str(part) for part in (runtime_python(), "-B", script, "--data", data, "--out", out)]
    command += ["--epochs", EPOCHS[name]] if name in EPOCHS else []
    done = subprocess.run(command, capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stderr
    assert "practice: macro F1" in done.stdout
    # The check runs models with the interpreter that runs it; here it stands in the runtime's.
    monkeypatch.setattr("sys.executable", str(runtime_python()))
    result = check(path=out / f"{name}.zip", task_folder=TASK, data_folder=data, sandbox=LocalRun())
    assert result.verdict == "scored", result.message
    score = result.scores[0]
    assert score.metric == "macro_f1"
    assert f"practice: macro F1 {score.value:.4f}" in done.stdout
    if name == "trivial":
        assert score.value < 0.25
    else:
        assert score.value > 0.6


@pytest.fixture(scope="module")
def pieces() -> ModuleType:
    spec = importlib.util.spec_from_file_location("review_pieces", KIT / "pieces.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_numbers_are_the_same_in_every_process(pieces: ModuleType) -> None:
    command = [
        sys.executable,
        "-B",
        "-c",
        "import pieces; print(pieces.pieces(['Not good!']).sum())",
    ]
    done = subprocess.run(command, cwd=KIT, capture_output=True, text=True, check=True)
    assert int(done.stdout) == pieces.pieces(["Not good!"]).sum()


def test_pieces_are_words_their_parts_and_pairs(pieces: ModuleType) -> None:
    row = pieces.pieces(["not go", "not", "Not", "go not"])
    # <no, not, ot>, <not, not>, <not>, not; <go, go>, <go>, go; and "not go".
    assert np.count_nonzero(row, axis=1).tolist() == [12, 7, 7, 12]
    assert set(row[1, :7]) < set(row[0]) and (row[1] == row[2]).all()
    assert len(set(row[0]) ^ set(row[3])) == 2


def test_no_text_is_too_odd_for_it(pieces: ModuleType) -> None:
    assert pieces.pieces([]).shape == (0, 1)
    assert not pieces.pieces(["", " ~ "]).any()
    assert pieces.pieces(["x " * 5000]).shape == (1, pieces.PLACES)
    assert pieces.trim(pieces.pieces(["a", ""]))[1].sum() == 0
