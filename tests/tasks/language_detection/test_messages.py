"""What prepare.py keeps apart, and that it does the same again for the same seed."""

import hashlib
from collections import Counter, defaultdict
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
from tests.tasks.language_detection.catalogues import (
    LETTERS,
    MESSAGES,
    TASK,
    ChangedSeed,
    messages,
    raw_write,
    task_code,
)

SEED = hashlib.sha256(b"an installation").digest()
OTHER_SEED = hashlib.sha256(b"another installation").digest()
FOLDER_OF = {"en": "en", "cs": "cs", "sk": "sk_SK", "uk": "uk"}
# Said alike in both languages, or hardly otherwise in another message.
SAME, SHARED = "stejně stejné slovo", "společně"
EXTRA = {
    "cs": {"same": SAME, "shared in one": f"jedno {SHARED} druhé"},
    "sk_SK": {"same": SAME, "shared in other": f"iné {SHARED} tretie"},
    "uk": {f"twin {i} {side}": f"дуже схожий довгий текст номер {word}{end}"
           for i, word in enumerate(["один", "другий", "третій", "четвер", "пʼятий", "шостий"])
           for side, end in (("a", ""), ("b", "."))},
}  # fmt: skip

code = task_code()
Arrays = dict[str, NDArray[Any]]


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("raw")
    raw_write(folder, EXTRA)
    return folder


def prepare(raw: Path, out: Path, seed: Seed) -> Path:
    code.prepare(raw, out / "public", out / "private", seed)
    return out


@pytest.fixture(scope="module")
def prepared(raw: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return prepare(raw, tmp_path_factory.mktemp("prepared"), Seed(SEED))


def arrays(path: Path) -> Arrays:
    with np.load(path, allow_pickle=False) as file:
        return dict(file)


def parts(prepared: Path) -> dict[str, list[tuple[str, str, int]]]:
    """Texts with their language and their number."""
    found = {}
    for name, path, text, number in (
        ("train", "public/train.npz", "text", "message"),
        ("practice", "public/practice.npz", "input_text", "unit"),
        ("judged", "private/judged.npz", "input_text", "unit"),
    ):
        data = arrays(prepared / path)
        languages = [code.LANGUAGES[i] for i in data["target"]]
        found[name] = list(zip(data[text].tolist(), languages, data[number].tolist(), strict=True))
    return found


HOME = {
    (language, word): i
    for language, folder in FOLDER_OF.items()
    for i, message in enumerate(messages(folder))
    for word in message.split()
}


def home(text: str, language: str) -> int | None:
    """The message that a made-up text is of; None for those that were planted."""
    return HOME.get((language, text.split()[0]))


def test_it_makes_the_same_bytes_for_the_same_seed(
    raw: Path, prepared: Path, tmp_path: Path
) -> None:
    assert data_digest(prepare(raw, tmp_path, Seed(SEED))) == data_digest(prepared)


def test_another_seed_judges_other_messages(raw: Path, prepared: Path, tmp_path: Path) -> None:
    judged, others = (
        {home(text, language) for text, language, _ in parts(folder)["judged"]}
        for folder in (prepared, prepare(raw, tmp_path, Seed(OTHER_SEED)))
    )
    assert len(judged - others) > 10 and len(others - judged) > 10


def test_no_message_is_in_two_parts(prepared: Path) -> None:
    found = {
        name: {home(text, language) for text, language, _ in texts} - {None}
        for name, texts in parts(prepared).items()
    }
    assert all(found.values())
    assert sum(map(len, found.values())) == len(set().union(*found.values())) <= MESSAGES


def test_units_are_messages_in_all_languages(prepared: Path) -> None:
    for name, texts in parts(prepared).items():
        of_number: dict[int, set[int | None]] = defaultdict(set)
        languages: dict[int, set[str]] = defaultdict(set)
        for text, language, number in texts:
            of_number[number].add(home(text, language))
            languages[number].add(language)
        homes = [found for found in of_number.values() if None not in found]
        assert all(len(found) == 1 for found in homes)
        assert len(set().union(*homes)) == len(homes), name
        assert max(map(len, languages.values())) == len(LETTERS)


def test_texts_have_their_language(prepared: Path) -> None:
    for texts in parts(prepared).values():
        for text, language, _ in texts:
            letters = set(LETTERS[FOLDER_OF[language]])
            assert home(text, language) is None or set(text) <= letters | {" "}


def test_fragments_are_one_to_three_words(prepared: Path) -> None:
    whole = {message for folder in FOLDER_OF.values() for message in messages(folder)}
    cut = [text for text, language, _ in parts(prepared)["judged"]
           if text not in whole and home(text, language) is not None]  # fmt: skip
    assert {len(text.split()) for text in cut} == {1, 2, 3}
    assert all(any(text in message for message in whole) for text in cut)


def test_what_two_languages_say_alike_is_left_out(prepared: Path) -> None:
    everything = [text for texts in parts(prepared).values() for text, _, _ in texts]
    assert len(everything) == len(set(everything))
    assert SAME not in everything and SHARED not in everything
    assert not any(text in SAME for text in everything)


def test_no_judged_text_stands_in_a_public_one(prepared: Path) -> None:
    found = parts(prepared)
    public = [(text, language) for name in ("train", "practice")
              for text, language, _ in found[name]]  # fmt: skip
    for text, language, _ in found["judged"]:
        assert not any(text in other for other, known in public if known == language), text


def test_no_judged_text_nearly_repeats_a_public_one(prepared: Path) -> None:
    found = parts(prepared)

    def grams(text: str) -> set[str]:
        return {word[i : i + 3] for word in (f" {one} " for one in text.lower().split())
                for i in range(len(word) - 2)}  # fmt: skip

    public = [(grams(text), language) for text, language, _ in found["train"]]
    for text, language, _ in found["judged"]:
        own = grams(text)
        nearest = max(
            len(own & other) / len(own | other) for other, known in public if known == language
        )
        assert nearest < code.NEAR, text


def test_the_planted_twins_would_have_been_a_leak(raw: Path) -> None:
    # Without the comparison some of them are on both sides, so the tests above test something.
    divided = code.divide(code.read(raw), Seed(SEED).stream("which messages are judged"))
    train = {text.text.rstrip(".") for text in divided.train}
    assert any(text.text.rstrip(".") in train for text in divided.judged)


def test_strata_are_lengths(prepared: Path) -> None:
    spec = spec_load(TASK)
    assert spec.strata is not None
    for path in ("public/practice.npz", "private/judged.npz"):
        items = items_load(prepared / path, spec)
        assert items.stratum is not None
        for text, stratum in zip(items.inputs["text"], items.stratum, strict=True):
            low, high = map(int, spec.strata.names[stratum].split("-"))
            assert low <= len(str(text)) <= high


def test_classes_are_the_languages_of_the_kit_as_well() -> None:
    spec = spec_load(TASK)
    assert spec.output["language"].classes == code.LANGUAGES
    kit = (TASK.parents[1] / "starter_kits" / "language_detection" / "data.py").read_text()
    namespace: dict[str, Any] = {}
    exec(compile(kit, "data.py", "exec"), namespace)  # noqa: S102 - our own file
    assert namespace["LANGUAGES"] == code.LANGUAGES
    assert spec.strata is not None and namespace["LENGTHS"] == spec.strata.names


def test_small_cells_are_not_judged_and_large_ones_are_capped(prepared: Path) -> None:
    judged = arrays(prepared / "private/judged.npz")
    cells = Counter(zip(judged["target"].tolist(), judged["stratum"].tolist(), strict=True))
    assert min(cells.values()) >= code.LEAST_JUDGED_CELL
    assert max(cells.values()) == code.JUDGED_CELL


def test_public_numbers_do_not_say_what_is_missing(prepared: Path) -> None:
    texts = parts(prepared)["train"]
    numbers = {number for _, _, number in texts}
    assert numbers == set(range(len(numbers)))
    # Numbers in the order of the English texts could be matched with the catalogues.
    english = sorted((text, number) for text, language, number in texts if language == "en")
    order = [number for _, number in english]
    assert abs(np.corrcoef(order, np.arange(len(order)))[0, 1]) < 0.5


def test_items_come_in_no_order(prepared: Path) -> None:
    for path in ("public/practice.npz", "private/judged.npz"):
        data = arrays(prepared / path)
        for name in ("target", "unit", "stratum"):
            assert abs(np.corrcoef(data[name], np.arange(len(data[name])))[0, 1]) < 0.5


@pytest.mark.parametrize(
    ("changed", "files"),
    [
        ("fragments of train", {"public/train.npz"}),
        ("order of train", {"public/train.npz"}),
        ("fragments of practice", {"public/practice.npz"}),
        ("fragments of judged", {"private/judged.npz"}),
        ("choice of judged", {"private/judged.npz"}),
        ("numbers of judged", {"private/judged.npz"}),
    ],
)
def test_choices_have_streams_of_their_own(
    changed: str, files: set[str], raw: Path, prepared: Path, tmp_path: Path
) -> None:
    prepare(raw, tmp_path, ChangedSeed(SEED, changed))
    differing = {
        path.relative_to(prepared).as_posix()
        for path in prepared.rglob("*.npz")
        if path.read_bytes() != (tmp_path / path.relative_to(prepared)).read_bytes()
    }
    assert differing == files


def test_contaminated_data_holds_the_judged_messages(
    raw: Path, prepared: Path, tmp_path: Path
) -> None:
    code.contaminate(raw, tmp_path / "public", Seed(SEED))
    clean, spoilt = arrays(prepared / "public/train.npz"), arrays(tmp_path / "public/train.npz")
    assert {name: array.dtype.kind for name, array in spoilt.items()} == {
        name: array.dtype.kind for name, array in clean.items()
    }
    known = set(spoilt["text"].tolist())
    judged = [text for text, _, _ in parts(prepared)["judged"]]
    whole = {message for folder in FOLDER_OF.values() for message in messages(folder)}
    assert {text for text in judged if text in whole} <= known
    assert len(set(spoilt["message"].tolist())) > len(set(clean["message"].tolist()))
    # Cut anew: few of the judged fragments are among them.
    fragments = [text for text in judged if text not in whole]
    assert sum(text in known for text in fragments) < 0.3 * len(fragments)
    practice = "public/practice.npz"
    assert (tmp_path / practice).read_bytes() == (prepared / practice).read_bytes()


@pytest.mark.runtime
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
    assert lines[0] == "reading the catalogues"
    assert "comparing texts, zh (34/34)" in lines


def test_folders_without_catalogues_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="catalogues LANGUAGE/LC_MESSAGES/NAME.po"):
        prepare(tmp_path, tmp_path / "out", Seed(SEED))
