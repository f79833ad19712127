"""The nearest training text is the one that a direct search finds."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluators.diagnostics.neighbours import likeness, nearest, training_load

WORDS = st.text(alphabet="ab žÉ日🙂", max_size=12)


@given(texts=st.lists(WORDS, min_size=1, max_size=30), query=WORDS)
def test_it_is_the_most_alike(texts: list[str], query: str) -> None:
    (found,) = nearest([query], np.array(texts), np.arange(len(texts)))
    # numpy keeps no NUL at the end of a text, and there is none here.
    assert found.likeness == max(likeness(query, text) for text in texts)
    assert found.target is not None and texts[found.target] == found.text


def test_it_is_found_among_many() -> None:
    rng = np.random.default_rng(0)
    letters = np.array(list("abcdefghijklmnop "))
    texts = ["".join(rng.choice(letters, 60)) for _ in range(20_000)]
    queries = [text[5:50] for text in texts[::4000]]
    found = nearest(queries, np.array(texts), None)
    assert [one.text for one in found] == texts[::4000]
    assert all(one.target is None for one in found)


def test_equal_texts_are_alike_and_others_are_not() -> None:
    assert likeness("Abc", "abc") == 1.0
    assert likeness("abc", "xyz") == 0.0
    assert likeness("", "") == 1.0
    assert 0 < likeness("the cat", "the hat") < 1


@pytest.mark.parametrize(
    "arrays",
    [
        {"images": np.zeros(3)},
        {"text": np.zeros(3)},
        {"text": np.array([["a"]])},
        {"text": np.array([], dtype="<U1")},
    ],
)
def test_training_data_of_another_form_is_no_fault(
    arrays: dict[str, np.ndarray[tuple[int, ...], np.dtype[np.generic]]], tmp_path: Path
) -> None:
    np.savez(tmp_path / "train.npz", allow_pickle=False, **arrays)
    assert training_load(tmp_path) is None
    (tmp_path / "train.npz").write_bytes(b"no zip")
    assert training_load(tmp_path) is None
    assert training_load(tmp_path / "nowhere") is None


def test_classes_that_are_none_are_left_out(tmp_path: Path) -> None:
    np.savez(tmp_path / "train.npz", text=np.array(["a", "b"]), target=np.array([0.5, 1]))
    found = training_load(tmp_path)
    assert found is not None and found[1] is None


def test_objects_are_not_unpickled(tmp_path: Path) -> None:
    np.savez(tmp_path / "train.npz", text=np.array(["a", None], dtype=object))
    assert training_load(tmp_path) is None
