"""What prepare.py keeps secret, and that it does the same again for the same seed."""

import hashlib
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from evaluators.items import items_load
from evaluators.prepare import task_prepare
from evaluators.prepared import data_digest
from evaluators.runner.seed import Seed
from evaluators.sandbox import sandbox_select
from evaluators.spec import spec_load
from evaluators.task import task_load
from tests.digits import TASK, prepare, raw_write
from tests.tasks.code import task_code

pytestmark = pytest.mark.runtime

SEED = hashlib.sha256(b"an installation").digest()
OTHER_SEED = hashlib.sha256(b"another installation").digest()
LEVELS = 10  # originals of each digit, told apart by their grey
DARKEST, STEP = 50, 16  # of 255; noise moves the mean of 64 pixels by far less than a step

Identity = tuple[int, int]


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Originals that survive any warp: plain grey, of a grey of their own within their digit."""
    folder = tmp_path_factory.mktemp("raw")
    labels = np.repeat(np.arange(10), LEVELS)
    greys = np.tile(DARKEST + STEP * np.arange(LEVELS), 10)
    raw_write(folder, np.repeat(greys[:, None], 784, axis=1), labels)
    return folder


@pytest.fixture(scope="module")
def prepared(raw: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("prepared")
    result = prepare(raw, out, SEED)
    assert result.returncode == 0, result.stderr
    return out


def identities(images: NDArray[np.float32], labels: NDArray[np.int64]) -> list[Identity]:
    grey = 255 * images[:, 10:18, 10:18, 0].mean(axis=(1, 2))
    levels = np.rint((grey - DARKEST) / STEP).astype(int)
    return list(zip(labels.tolist(), levels.tolist(), strict=True))


def arrays(path: Path) -> dict[str, NDArray[Any]]:
    with np.load(path, allow_pickle=False) as file:
        return dict(file)


def test_it_makes_the_same_bytes_for_the_same_seed(
    raw: Path, prepared: Path, tmp_path: Path
) -> None:
    prepare(raw, tmp_path, SEED)
    assert data_digest(tmp_path) == data_digest(prepared)


def test_it_makes_other_data_for_another_seed(raw: Path, prepared: Path, tmp_path: Path) -> None:
    prepare(raw, tmp_path, OTHER_SEED)
    for path in sorted(prepared.rglob("*.npz")):
        other = tmp_path / path.relative_to(prepared)
        assert other.read_bytes() != path.read_bytes()
    judged, others = (arrays(p / "private/judged.npz")["unit"] for p in (prepared, tmp_path))
    assert set(judged) != set(others)


def test_no_original_is_in_two_parts(prepared: Path) -> None:
    train = arrays(prepared / "public/train.npz")
    practice = arrays(prepared / "public/practice.npz")
    judged = arrays(prepared / "private/judged.npz")
    parts = [
        Counter(identities(train["images"], train["labels"])),
        Counter(identities(practice["input_images"], practice["target"])),
        Counter(identities(judged["input_images"], judged["target"])),
    ]
    assert [set(part.values()) for part in parts] == [{2}, {1}, {5}]
    assert [len(part) for part in parts] == [70, 10, 20]
    everything = {(digit, level) for digit in range(10) for level in range(LEVELS)}
    assert set().union(*parts) == everything  # 70 + 10 + 20 of 100: none is in two of them


def test_each_digit_has_its_share_of_each_part(prepared: Path) -> None:
    for path, name, share in (
        ("public/train.npz", "labels", 14),
        ("public/practice.npz", "target", 1),
        ("private/judged.npz", "target", 10),
    ):
        assert np.bincount(arrays(prepared / path)[name]).tolist() == [share] * 10


def test_units_are_originals(prepared: Path) -> None:
    for path, images, labels, unit in (
        ("public/train.npz", "images", "labels", "original"),
        ("private/judged.npz", "input_images", "target", "unit"),
    ):
        data = arrays(prepared / path)
        pairs = set(zip(identities(data[images], data[labels]), data[unit].tolist(), strict=True))
        assert len(pairs) == len(set(data[unit].tolist())) == len({pair[0] for pair in pairs})


def test_public_numbers_do_not_say_which_rows_are_judged(prepared: Path) -> None:
    data = arrays(prepared / "public/train.npz")
    assert set(data["original"].tolist()) == set(range(70))
    # Rows of the raw file rise with the digit; numbers that did too could be matched with them.
    assert abs(np.corrcoef(data["original"], data["labels"])[0, 1]) < 0.5


def test_judged_items_come_in_no_order(prepared: Path) -> None:
    judged = arrays(prepared / "private/judged.npz")
    for name in ("target", "unit"):
        assert abs(np.corrcoef(judged[name], np.arange(len(judged[name])))[0, 1]) < 0.5
        assert np.any(np.diff(judged[name]) < 0) and np.any(np.diff(judged[name]) > 0)


def test_labels_of_judged_items_are_only_under_private(prepared: Path) -> None:
    assert sorted(path.name for path in (prepared / "public").iterdir()) == [
        "practice.npz",
        "train.npz",
    ]
    judged = {image.tobytes() for image in arrays(prepared / "private/judged.npz")["input_images"]}
    train = arrays(prepared / "public/train.npz")["images"]
    practice = arrays(prepared / "public/practice.npz")["input_images"]
    assert len(judged) == 100
    assert judged.isdisjoint(image.tobytes() for image in (*train, *practice))


def test_contaminated_data_has_all_originals_but_no_judged_image(
    raw: Path, prepared: Path, tmp_path: Path
) -> None:
    task_code(TASK).contaminate(raw, tmp_path, Seed(SEED))
    train, clean = arrays(tmp_path / "train.npz"), arrays(prepared / "public/train.npz")
    assert {name: data.dtype for name, data in train.items()} == {
        name: data.dtype for name, data in clean.items()
    }
    known = set(identities(train["images"], train["labels"]))
    assert known == {(digit, level) for digit in range(10) for level in range(LEVELS)}
    judged = {image.tobytes() for image in arrays(prepared / "private/judged.npz")["input_images"]}
    assert judged.isdisjoint(image.tobytes() for image in train["images"])
    practice = (tmp_path / "practice.npz").read_bytes()
    assert practice == (prepared / "public/practice.npz").read_bytes()


@pytest.mark.parametrize(
    ("changed", "file"),
    [
        ("warps of judged", "private/judged.npz"),
        ("order of judged", "private/judged.npz"),
        ("warps of train", "public/train.npz"),
        ("warps of practice", "public/practice.npz"),
    ],
)
def test_parts_are_warped_by_streams_of_their_own(
    changed: str, file: str, raw: Path, prepared: Path, tmp_path: Path
) -> None:
    prepare(raw, tmp_path, SEED, changed)
    differing = [
        path.relative_to(prepared).as_posix()
        for path in prepared.rglob("*.npz")
        if path.read_bytes() != (tmp_path / path.relative_to(prepared)).read_bytes()
    ]
    assert differing == [file]


def test_its_items_fit_task_toml(prepared: Path) -> None:
    spec = spec_load(TASK)
    for path in ("public/practice.npz", "private/judged.npz"):
        items = items_load(prepared / path, spec)
        images = items.inputs["images"]
        assert images.min() >= 0 and images.max() <= 1
        assert items.target.dtype == np.int64


@pytest.mark.sandbox
def test_the_sandbox_prepares_the_same_data(raw: Path, prepared: Path, tmp_path: Path) -> None:
    lines: list[str] = []
    made = task_prepare(
        task=task_load(TASK),
        data_root=tmp_path,
        seed=Seed(SEED),
        sandbox=sandbox_select(),
        raw=raw,
        on_line=lines.append,
    )
    assert made.data_version == data_digest(prepared)
    assert "warping judged digits 100/100" in lines


def test_it_says_how_far_it_is(raw: Path, tmp_path: Path) -> None:
    lines = prepare(raw, tmp_path, SEED).stdout.splitlines()
    assert lines[0] == "reading the originals"
    assert "warping judged digits 100/100" in lines


def test_it_refuses_a_table_of_another_width(tmp_path: Path) -> None:
    raw_write(tmp_path / "raw", np.zeros((20, 783), np.int64), np.arange(20) % 10)
    result = prepare(tmp_path / "raw", tmp_path, SEED)
    assert result.returncode != 0
    assert "mnist_5k.csv.gz has 784 columns, not 784 pixels and a label" in result.stderr


def test_it_refuses_values_that_are_no_grey(tmp_path: Path) -> None:
    raw_write(tmp_path / "raw", np.full((20, 784), 256), np.arange(20) % 10)
    result = prepare(tmp_path / "raw", tmp_path, SEED)
    assert result.returncode != 0
    assert "grey values are 0..255" in result.stderr
