"""The language detection's kit on made-up languages: each script learns, and the check agrees."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from evaluators.items import items_load
from evaluators.metrics import METRICS
from evaluators.runner.seed import Seed
from evaluators.spec import spec_load
from springboard.check import check
from springboard.local import LocalRun
from tests.digits import ROOT, runtime_python
from tests.tasks.language_detection.catalogues import TASK, raw_write, task_code

KIT = ROOT / "starter_kits" / "language_detection"
SEED = Seed(b"a secret of one test run")
# Four languages of 34 are there, and some letters are in one of them only.
LEARNT = 0.8


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("languages")
    raw_write(folder / "raw")
    task_code().prepare(folder / "raw", folder / "public", folder / "private", SEED)
    return folder / "public"


@pytest.fixture(scope="module")
def trained(data: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, float]]:
    """By baseline, what it wrote into its folder, and the practice score that it printed."""
    out = tmp_path_factory.mktemp("out")
    found = {}
    for name in ("keras", "sklearn", "torch", "trivial"):
        script = KIT / f"train_{name}.py"
        command: list[str | Path] = [runtime_python(), script, "--data", data, "--out", out]
        command += ["--epochs", "12"] if name in ("keras", "torch") else []
        done = subprocess.run(command, capture_output=True, text=True, timeout=200)
        assert done.returncode == 0, done.stderr
        printed = re.search(r"practice: macro accuracy ([\d.]+)", done.stdout)
        assert printed is not None
        found[name] = (out, float(printed[1]))
    return found


@pytest.mark.runtime
@pytest.mark.parametrize("name", ["keras", "sklearn", "torch", "trivial"])
def test_it_learns_and_the_check_agrees_on_the_score(
    name: str,
    trained: dict[str, tuple[Path, float]],
    data: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    out, printed = trained[name]
    # The check runs models with the interpreter that runs it; here it stands in the runtime's.
    monkeypatch.setattr("sys.executable", str(runtime_python()))
    result = check(path=out / f"{name}.zip", task_folder=TASK, data_folder=data, sandbox=LocalRun())
    assert result.verdict == "scored", result.message
    assert result.scores[0].metric == "macro_accuracy"
    assert result.scores[0].value == pytest.approx(printed, abs=1e-4)
    assert printed == 0 if name == "trivial" else printed > LEARNT


@pytest.mark.runtime
def test_the_pipeline_alone_scores_the_same(
    trained: dict[str, tuple[Path, float]], data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, printed = trained["sklearn"]
    monkeypatch.setattr("sys.executable", str(runtime_python()))
    alone = out / "sklearn" / "pipeline.joblib"
    result = check(path=alone, task_folder=TASK, data_folder=data, sandbox=LocalRun())
    assert result.verdict == "scored", result.message
    assert result.scores[0].value == pytest.approx(printed, abs=1e-4)


@pytest.fixture
def kit(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, ModuleType]]:
    """The kit's modules, imported as its scripts do, and forgotten afterwards."""
    monkeypatch.syspath_prepend(str(KIT))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    names = ("data", "ngrams")
    for name in names:
        monkeypatch.delitem(sys.modules, name, raising=False)
    yield {name: __import__(name) for name in names}
    for name in names:
        sys.modules.pop(name, None)


def test_the_kit_s_metric_is_the_judge_s(data: Path, kit: dict[str, ModuleType]) -> None:
    items = items_load(data / "practice.npz", spec_load(TASK))
    assert items.stratum is not None
    random = np.random.default_rng(0)
    probabilities = random.dirichlet(np.ones(34), len(items)).astype(np.float32)
    chosen = random.random(len(items)) < 0.6
    probabilities[chosen] = np.eye(34, dtype=np.float32)[items.target[chosen].astype(int)]
    metric = METRICS["macro_accuracy"]
    target = np.stack([items.target.astype(np.int64), items.stratum], axis=1)
    wanted = float(metric.combine(metric.item_stats(target, probabilities).sum(axis=0)))
    found = kit["data"].macro_accuracy(kit["data"].load_practice(data), probabilities)
    assert 0.3 < wanted < 0.9
    assert found == pytest.approx(wanted)


def test_a_run_of_characters_has_one_number_wherever_it_stands(kit: dict[str, ModuleType]) -> None:
    rows = kit["ngrams"].ngrams(np.array(["na stole", "STOLE", "x", ""]))
    places = rows.reshape(4, -1, kit["ngrams"].LONGEST)
    assert rows.dtype == np.int32 and rows.min() == 0 and rows.max() < kit["ngrams"].NUMBERS
    # " na stole " and " stole ": from the second text's beginning they are the same.
    assert np.array_equal(places[0, 3:10], places[1, :7])
    assert np.count_nonzero(rows, axis=1).tolist() == [10 + 9 + 8 + 7 + 6, 7 + 6 + 5 + 4 + 3, 6, 3]
    assert len(set(rows[1][rows[1] > 0].tolist())) == 24  # of 25, the space comes twice


def test_only_the_beginning_of_a_long_text_counts(kit: dict[str, ModuleType]) -> None:
    same = "a" * 20 + "b" * 43
    first, second = kit["ngrams"].ngrams(np.array([same + "c" * 50, same + "d" * 90]))
    assert np.array_equal(first, second) and np.count_nonzero(first) == 64 + 63 + 62 + 61 + 60


def test_batches_hold_every_text_once_and_trim_loses_nothing(kit: dict[str, ModuleType]) -> None:
    random = np.random.default_rng(0)
    texts = np.array(["ab" * int(length) for length in random.integers(0, 30, 1000)])
    numbers = kit["ngrams"].ngrams(texts)
    batches = kit["ngrams"].batches(numbers, 16, random)
    assert sorted(np.concatenate(batches).tolist()) == list(range(1000))
    assert max(map(len, batches)) == 16
    trimmed = [kit["ngrams"].trim(numbers[rows]) for rows in batches]
    assert sum(map(np.count_nonzero, trimmed)) == np.count_nonzero(numbers)
    assert sum(part.size for part in trimmed) < 0.5 * numbers.size
