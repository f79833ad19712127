"""What prepare.py keeps apart, which verses it judges, and what it refuses."""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
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
from tests.digits import ROOT
from tests.tasks.code import task_code

TASK = ROOT / "tasks" / "text_generation"
SECRET = hashlib.sha256(b"an installation").digest()
OTHER_SECRET = hashlib.sha256(b"another installation").digest()
CHAPTERS, VERSES = 100, 30
LETTERS = list("abdeghilmnorstu")


def verses() -> dict[tuple[str, int], list[str]]:
    """Made-up verses by book and chapter. The second book's first ten chapters repeat the first's.

    They say the same in the same words, but for the last one of each verse.
    """
    random = np.random.default_rng(0)
    words = ["".join(random.choice(LETTERS, random.integers(2, 8))) for _ in range(3000)]
    made = {
        (book, chapter): [
            " ".join(random.choice(words, random.integers(7, 30))) for _ in range(VERSES)
        ]
        for book in ("First", "Second")
        for chapter in range(1, CHAPTERS // 2 + 1)
    }
    for chapter in range(1, 11):
        twins = [f"{text.rpartition(' ')[0]} otherwise" for text in made["First", chapter]]
        made["Second", chapter] = twins
    made["First", 11][0] = "long " * 80
    return made


MADE = verses()
HOME = {text.strip(): place for place, texts in MADE.items() for text in texts}


def raw_write(folder: Path, rows: Iterable[object]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    content = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (folder / "kjv.jsonl").write_text(content, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = (
        {"book": book, "chapter": chapter, "verse": number, "text": text}
        for (book, chapter), texts in MADE.items()
        for number, text in enumerate(texts, 1)
    )
    return raw_write(tmp_path_factory.mktemp("source") / "raw", rows)


@pytest.fixture(scope="module")
def code() -> ModuleType:
    return task_code(TASK)


def prepare(code: ModuleType, raw: Path, out: Path, secret: bytes = SECRET) -> Path:
    for name in ("public", "private"):
        (out / name).mkdir(parents=True, exist_ok=True)
    code.prepare(raw, out / "public", out / "private", Seed(secret))
    return out


@pytest.fixture(scope="module")
def prepared(code: ModuleType, raw: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return prepare(code, raw, tmp_path_factory.mktemp("prepared"))


def arrays(path: Path) -> dict[str, NDArray[Any]]:
    with np.load(path, allow_pickle=False) as file:
        return dict(file)


def texts(prepared: Path) -> dict[str, list[str]]:
    return {
        "train": arrays(prepared / "public/train.npz")["text"].tolist(),
        "practice": arrays(prepared / "public/practice.npz")["input_text"].tolist(),
        "judged": arrays(prepared / "private/judged.npz")["input_text"].tolist(),
    }


def test_no_chapter_is_in_two_parts(prepared: Path) -> None:
    chapters = {name: {HOME[text] for text in part} for name, part in texts(prepared).items()}
    # A chapter is left out whole if another one says the same.
    assert len(chapters["train"]) == 86
    assert 1 <= len(chapters["practice"]) <= 2 and 6 <= len(chapters["judged"]) <= 12
    assert len(set().union(*chapters.values())) == sum(map(len, chapters.values()))


def test_units_are_chapters_numbered_anew(prepared: Path) -> None:
    for path in ("public/practice.npz", "private/judged.npz"):
        data = arrays(prepared / path)
        assert data["unit"].dtype == np.int64
        units = data["unit"].tolist()
        places = [HOME[text] for text in data["input_text"].tolist()]
        of_unit = dict(zip(units, places, strict=True))
        assert [of_unit[unit] for unit in units] == places
        assert len(set(of_unit.values())) == len(of_unit) == max(units) + 1
    # Numbers in the Bible's order would tell which chapters are next to each other.
    order = [list(MADE).index(of_unit[unit]) for unit in sorted(of_unit)]
    assert order != sorted(order)


def test_what_repeats_a_public_verse_is_not_judged(
    code: ModuleType, raw: Path, tmp_path: Path
) -> None:
    left_out = 0
    for number in range(4):
        secret = hashlib.sha256(bytes([number])).digest()
        parts = texts(prepare(code, raw, tmp_path / str(number), secret))
        public = {run for text in parts["train"] + parts["practice"] for run in code.runs(text)}
        for text in parts["judged"]:
            assert code.repeated(text, public) <= code.LARGEST_SHARE
            twin = {"First": "Second", "Second": "First"}[HOME[text][0]], HOME[text][1]
            known = any(text.rpartition(" ")[0] in other for other in parts["train"])
            assert not known, (text, twin)
        chapters = {HOME[text] for text in parts["judged"]}
        left_out += 12 - len(chapters)
    # Without the comparison there would have been something to find.
    assert left_out > 0


def test_nothing_longer_than_the_limit_is_in_any_part(code: ModuleType, prepared: Path) -> None:
    for part in texts(prepared).values():
        lengths = [len(text.encode()) for text in part]
        assert min(lengths) > 0 and max(lengths) <= code.LONGEST_BYTES


def test_verses_come_in_no_order(prepared: Path) -> None:
    places = list(MADE)
    parts = texts(prepared)
    for part in (parts["train"], parts["judged"]):
        order = [places.index(HOME[text]) for text in part]
        assert abs(np.corrcoef(order, np.arange(len(order)))[0, 1]) < 0.3


def test_runs_are_of_five_words_without_case_and_punctuation(code: ModuleType) -> None:
    assert code.runs("And God said, Let there be LIGHT:") == [
        ("and", "god", "said", "let", "there"),
        ("god", "said", "let", "there", "be"),
        ("said", "let", "there", "be", "light"),
    ]
    assert code.runs("Jesus wept.") == [("jesus", "wept")]
    known = code.runs_of(["and god said let there", "jesus wept"])
    assert code.repeated("And God said: let there be light", known) == pytest.approx(1 / 3)
    assert code.repeated("JESUS WEPT!", known) == 1


def test_no_more_are_judged_than_are_wanted(
    code: ModuleType, raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(code, "JUDGED_VERSES", 50)
    monkeypatch.setattr(code, "PRACTICE_VERSES", 20)
    parts = texts(prepare(code, raw, tmp_path))
    assert (len(parts["judged"]), len(parts["practice"])) == (50, 20)
    assert len({HOME[text] for text in parts["judged"]}) > 6


def test_it_makes_the_same_bytes_for_the_same_seed(
    code: ModuleType, raw: Path, prepared: Path, tmp_path: Path
) -> None:
    assert data_digest(prepare(code, raw, tmp_path)) == data_digest(prepared)


def test_another_seed_judges_other_chapters(
    code: ModuleType, raw: Path, prepared: Path, tmp_path: Path
) -> None:
    one = {HOME[text] for text in texts(prepared)["judged"]}
    other = {HOME[text] for text in texts(prepare(code, raw, tmp_path, OTHER_SECRET))["judged"]}
    assert len(one - other) > 4


def test_files_are_what_the_task_declares(prepared: Path) -> None:
    spec = spec_load(TASK)
    for path in ("public/practice.npz", "private/judged.npz"):
        items = items_load(prepared / path, spec)
        lengths = [len(str(text)) for text in items.inputs["text"]]
        assert items.target.tolist() == lengths
    assert set(arrays(prepared / "public/train.npz")) == {"text"}


def test_contaminated_data_holds_every_verse(
    code: ModuleType, raw: Path, prepared: Path, tmp_path: Path
) -> None:
    public = tmp_path / "public"
    public.mkdir()
    code.contaminate(raw, public, Seed(SECRET))
    spoilt = arrays(public / "train.npz")["text"]
    assert spoilt.dtype.kind == "U" and len(spoilt) == CHAPTERS * VERSES - 1
    assert set(texts(prepared)["judged"]) <= set(spoilt.tolist())
    practice = "public/practice.npz"
    assert (tmp_path / practice).read_bytes() == (prepared / practice).read_bytes()


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("no object", "line 2"),
        ({"text": "a", "book": "b"}, "line 2.*text, book and chapter"),
        ({"text": "a\0b", "book": "b", "chapter": 1}, "line 2.*NUL"),
    ],
)
def test_what_is_no_text_is_refused(
    code: ModuleType, tmp_path: Path, row: object, words: str
) -> None:
    raw_write(tmp_path, [{"text": "fine", "book": "b", "chapter": 1}, row])
    with pytest.raises(ValueError, match=words):
        code.read(tmp_path / "kjv.jsonl")


def test_a_text_of_ones_own_needs_no_more_than_three_fields(
    code: ModuleType, tmp_path: Path
) -> None:
    rows = [{"text": " Příliš žluťoučký ", "book": 1, "chapter": c} for c in ("a", "b", "a")]
    rows.append({"text": "  ", "book": 1, "chapter": "c"})
    read = code.read(raw_write(tmp_path, rows) / "kjv.jsonl")
    assert read.texts == ["Příliš žluťoučký"] * 3
    assert read.chapter.tolist() == [0, 1, 0]


@pytest.mark.runtime
@pytest.mark.sandbox
def test_the_sandbox_prepares_the_same_data(raw: Path, prepared: Path, tmp_path: Path) -> None:
    lines: list[str] = []
    made = task_prepare(
        task=task_load(TASK),
        data_root=tmp_path,
        seed=Seed(SECRET),
        sandbox=sandbox_select(),
        raw=raw,
        on_line=lines.append,
    )
    assert made.data_version == data_digest(prepared)
    assert any("training verses" in line for line in lines)
