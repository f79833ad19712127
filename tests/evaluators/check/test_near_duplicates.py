"""The rate of judged items that nearly repeat training ones, counted on data with a known rate."""

import json
from pathlib import Path

import numpy as np
import pytest

from evaluators.check.findings import Finding, Findings
from evaluators.check.near_duplicates import check_near_duplicates
from evaluators.prepared import PreparedTask, data_digest
from tests.evaluators.tiny_task import prepared_task
from tests.evaluators.tiny_text_task import prepared_lines

WORDS = ["river", "stone", "lantern", "quiet", "orchard", "thunder", "violet", "meadow", "harbour",
         "copper", "winter", "saddle", "pepper", "island", "mirror", "candle", "forest", "marble",
         "engine", "garden", "planet", "ribbon", "silver", "basket"]  # fmt: skip


def sentence(random: np.random.Generator) -> str:
    return " ".join(random.choice(WORDS, 9))


def rewritten(prepared: PreparedTask, name: str, **arrays: np.ndarray) -> PreparedTask:
    np.savez(prepared.folder / name, allow_pickle=False, **arrays)
    version = data_digest(prepared.folder)
    (prepared.folder / "ready.json").write_text(json.dumps({"data_version": version}))
    return PreparedTask(prepared.task, prepared.folder, version)


def found(prepared: PreparedTask) -> Finding:
    findings = Findings("tiny", "0" * 64, lambda line: None)
    check_near_duplicates(findings, prepared)
    [finding] = findings.all
    return finding


@pytest.mark.parametrize("copied", [0, 30])
def test_texts_that_differ_in_case_and_stops_are_counted(copied: int, tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    judged = [sentence(random) for _ in range(100)]
    train = [sentence(random) for _ in range(300)] + [f"{t.upper()}!" for t in judged[:copied]]
    prepared = prepared_lines(tmp_path, judged=tuple(judged))
    finding = found(rewritten(prepared, "public/train.npz", text=np.array(train)))
    assert f"{copied}.0% of the judged text" in finding.text
    assert finding.level.value == ("FAULT" if copied else "ok")


def test_short_texts_are_not_compared(tmp_path: Path) -> None:
    prepared = prepared_lines(tmp_path, judged=("save", "open file", "close"))
    finding = found(rewritten(prepared, "public/train.npz", text=np.array(["save", "open file"])))
    assert "too short, to be compared" in finding.text


@pytest.mark.parametrize("leaked", [0, 24])
def test_items_beside_a_training_item_are_counted(leaked: int, tmp_path: Path) -> None:
    random = np.random.default_rng(2)
    prepared = prepared_task(tmp_path)
    judged = prepared.judged().inputs["features"]
    near = judged[:leaked] + random.normal(0, 1e-3, (leaked, 4)).astype(np.float32)
    train = np.concatenate([random.normal(size=(80, 4)).astype(np.float32), near])
    finding = found(rewritten(prepared, "public/train.npz", features=train))
    rate = float(finding.text.partition("%")[0])
    assert abs(rate - 100 * leaked / 60) < 5
    assert finding.level.value == ("FAULT" if leaked else "ok")


def test_many_training_items_are_no_leak(tmp_path: Path) -> None:
    # The more there are, the nearer the nearest.
    random = np.random.default_rng(4)
    train = random.normal(size=(20_000, 4)).astype(np.float32)
    finding = found(rewritten(prepared_task(tmp_path), "public/train.npz", features=train))
    assert finding.level.value == "ok"


def test_items_of_one_unit_are_no_measure_of_distance(tmp_path: Path) -> None:
    # Copies of an original are near each other, and that says nothing of training.
    random = np.random.default_rng(3)
    originals = np.repeat(random.normal(size=(200, 4)), 2, axis=0)
    judged = (originals + random.normal(0, 1e-3, originals.shape)).astype(np.float32)
    target = (judged[:, 0] > 0).astype(np.int64)
    unit = np.arange(len(judged)) // 2
    prepared = rewritten(
        prepared_task(tmp_path),
        "private/judged.npz",
        input_features=judged,
        target=target,
        unit=unit,
    )
    others = random.normal(size=(100, 4)).astype(np.float32)
    assert found(rewritten(prepared, "public/train.npz", features=others)).level.value == "ok"
    near = judged[::2] + random.normal(0, 1e-3, (200, 4)).astype(np.float32)
    train = np.concatenate([others, near])
    assert found(rewritten(prepared, "public/train.npz", features=train)).level.value == "FAULT"


def test_training_data_of_another_form_are_told_of(tmp_path: Path) -> None:
    prepared = rewritten(prepared_task(tmp_path), "public/train.npz", pixels=np.zeros((5, 9)))
    assert "no training array looks like the input 'features'" in found(prepared).text
