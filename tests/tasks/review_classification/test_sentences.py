"""What prepare.py keeps apart, what its classes are, and what it refuses."""

import hashlib
import importlib.util
import subprocess
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from evaluators.items import items_load
from evaluators.prepared import data_digest
from evaluators.runner.seed import Seed
from evaluators.spec import spec_load
from tests.digits import DRIVER, ROOT, runtime_python

TASK = ROOT / "tasks" / "review_classification"
SECRET = hashlib.sha256(b"an installation").digest()
OTHER_SECRET = hashlib.sha256(b"another installation").digest()
SENTENCES = 1200
QUOTED = 40
WORDS = tuple(
    f"{first}{second}" for first in "bdfgklmnprst" for second in ("an", "or", "ith", "ul")
)


def lines(random: np.random.Generator) -> list[str]:
    """Made-up sentences in the source's order, praise first; the last ones quote the first ones."""
    ratings = np.linspace(4, -4, SENTENCES)
    texts = [" ".join(random.choice(WORDS, random.integers(7, 40))) for _ in ratings]
    for row in range(QUOTED):
        quoted = " ".join(texts[row].split()[:6])
        texts[-1 - row] = f"Somebody wrote: {quoted}, which is wrong."
    return [f"{i}\t{r}\t{t}" for i, (r, t) in enumerate(zip(ratings, texts, strict=True), start=1)]


def raw_write(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "reviews.txt").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return raw_write(
        tmp_path_factory.mktemp("source") / "raw", "\n".join(lines(np.random.default_rng(0))) + "\n"
    )


@pytest.fixture(scope="module")
def code() -> ModuleType:
    """The task's code; it needs nothing that these tests' environment lacks."""
    spec = importlib.util.spec_from_file_location("reviews_prepare", TASK / "prepare.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def prepare(code: ModuleType, raw: Path, out: Path, secret: bytes = SECRET) -> Path:
    code.prepare(raw, out / "public", out / "private", Seed(secret))
    return out


@pytest.fixture(scope="module")
def prepared(code: ModuleType, raw: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return prepare(code, raw, tmp_path_factory.mktemp("prepared"))


def arrays(path: Path) -> dict[str, NDArray[Any]]:
    with np.load(path, allow_pickle=False) as file:
        return dict(file)


def texts(prepared: Path) -> dict[str, set[str]]:
    return {
        "train": set(arrays(prepared / "public/train.npz")["text"].tolist()),
        "practice": set(arrays(prepared / "public/practice.npz")["input_text"].tolist()),
        "judged": set(arrays(prepared / "private/judged.npz")["input_text"].tolist()),
    }


def runs(text: str) -> set[str]:
    words = text.replace(",", "").split()
    return {" ".join(words[i : i + 6]) for i in range(len(words) - 5)}


def test_every_sentence_is_in_one_part(prepared: Path) -> None:
    parts = texts(prepared)
    assert sum(map(len, parts.values())) == len(set().union(*parts.values())) == SENTENCES
    shares = {name: len(part) / SENTENCES for name, part in parts.items()}
    assert shares == pytest.approx({"train": 0.64, "practice": 0.06, "judged": 0.3}, abs=0.02)


def test_who_quotes_is_in_the_part_of_the_quoted(prepared: Path) -> None:
    known = {
        name: set().union(*(runs(text) for text in part)) for name, part in texts(prepared).items()
    }
    assert known["judged"].isdisjoint(known["train"] | known["practice"])
    assert known["practice"].isdisjoint(known["train"])
    quoting = [
        text for part in texts(prepared).values() for text in part if text.startswith("Somebody")
    ]
    assert len(quoting) == QUOTED


def test_quotations_are_one_unit(code: ModuleType) -> None:
    said = "it is a very good film indeed"
    numbers = code.units(
        [said, "Fine.", f"I say: {said.upper()}!", "fine", "it is a very good one"]
    )
    assert numbers.tolist() == [0, 1, 0, 1, 4]


def test_units_grow_together(code: ModuleType) -> None:
    one, two = "a b c d e f", "g h i j k l"
    assert code.units([one, two, "x", f"{one} {two}"]).tolist() == [0, 0, 2, 0]


def test_classes_are_bounded_at_three_quarters(code: ModuleType, tmp_path: Path) -> None:
    some = [(-4, 0), (-0.75, 0), (-0.7, 1), (0, 1), (0.7499, 1), (0.75, 2), (4, 2)]
    text = "".join(
        f"1\t{rating}\t{opinion} {' '.join(np.array(WORDS)[number : number + 6])} {row}\n"
        for number in range(30)
        for row, (rating, opinion) in enumerate(some)
    )
    sentences = code.read(raw_write(tmp_path, text) / "reviews.txt")
    assert sentences.opinion.tolist() == [int(one[0]) for one in sentences.text.tolist()]


def test_classes_are_as_frequent_everywhere(prepared: Path) -> None:
    for path in ("public/train.npz", "public/practice.npz", "private/judged.npz"):
        target = arrays(prepared / path)["target"]
        shares = np.bincount(target, minlength=3) / len(target)
        assert shares == pytest.approx([0.407, 0.187, 0.407], abs=0.03)


def test_neither_order_nor_numbers_tell_the_class(prepared: Path) -> None:
    for path, unit in (("public/train.npz", "group"), ("private/judged.npz", "unit")):
        part = arrays(prepared / path)
        row = np.arange(len(part["target"]))
        assert abs(np.corrcoef(row, part["target"])[0, 1]) < 0.15
        assert abs(np.corrcoef(part[unit], part["target"])[0, 1]) < 0.15


def test_its_items_fit_task_toml(prepared: Path) -> None:
    spec = spec_load(TASK)
    for path in ("public/practice.npz", "private/judged.npz"):
        items_load(prepared / path, spec)
        part = arrays(prepared / path)
        words = np.array([len(text.split()) for text in part["input_text"].tolist()])
        for stratum, (least, most) in enumerate([(1, 10), (11, 20), (21, 30), (31, 99)]):
            assert ((part["stratum"] == stratum) == ((words >= least) & (words <= most))).all()


def test_other_secrets_judge_other_sentences(
    code: ModuleType, raw: Path, prepared: Path, tmp_path: Path
) -> None:
    again = prepare(code, raw, tmp_path / "again")
    other = prepare(code, raw, tmp_path / "other", OTHER_SECRET)
    assert data_digest(again) == data_digest(prepared)
    assert len(texts(other)["judged"] & texts(prepared)["judged"]) < 0.5 * 0.3 * SENTENCES


@pytest.mark.runtime
def test_the_runtime_makes_the_same_data(raw: Path, prepared: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [runtime_python(), "-P", "-B", DRIVER, TASK, raw, tmp_path, SECRET.hex()],
        env={"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert data_digest(tmp_path) == data_digest(prepared)


def test_contaminated_data_holds_the_judged_sentences(
    code: ModuleType, raw: Path, prepared: Path, tmp_path: Path
) -> None:
    code.contaminate(raw, tmp_path / "public", Seed(SECRET))
    train = arrays(tmp_path / "public/train.npz")
    assert set(train["text"].tolist()) == set().union(*texts(prepared).values())
    honest = arrays(prepared / "public/train.npz")
    assert {name: array.dtype.kind for name, array in train.items()} == {
        name: array.dtype.kind for name, array in honest.items()
    }
    same = arrays(tmp_path / "public/practice.npz")["input_text"]
    assert set(same.tolist()) == texts(prepared)["practice"]


@pytest.mark.parametrize(
    ("raw_text", "cleaned"),
    [
        ("  Good &amp; bad   film \r", "Good & bad film"),
        ("Cafe\u0301\x00 noir", "Caf\u00e9 noir"),
        ("one\u2028two\u00adthree", "one two three"),
    ],
)
def test_texts_are_cleaned(raw_text: str, cleaned: str, code: ModuleType) -> None:
    assert code.clean(raw_text) == cleaned


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("1\t2.0", "line 1: a number, the mean rating and the sentence are separated by tabs"),
        ("1\tgood\tIt is good.", "line 1: a number, .*could not convert"),
        ("1\t2.0\tIt is\tgood.", "line 1: a number, the mean rating and"),
        ("1\t4.5\tIt is good.", "line 1: ratings are -4 to 4"),
        ("1\tnan\tIt is good.", "line 1: ratings are -4 to 4"),
        ("1\t2.0\t  ", "line 1: there is no sentence"),
        ("1\t2.0\tIt is good.", "of class 0 .* there are 0 sentences, and 20 are the least"),
    ],
)
def test_it_names_what_is_wrong_in_a_file(
    line: str, problem: str, code: ModuleType, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match=problem):
        code.read(raw_write(tmp_path, line + "\n") / "reviews.txt")
