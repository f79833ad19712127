"""Texts reach a model as they were written."""

from pathlib import Path

import numpy as np
import pytest

from evaluators.errors import TaskError
from evaluators.items import LONGEST_DOCUMENT_BYTES, Items, items_load
from evaluators.practice import practice
from evaluators.runner.texts import decode_texts, encode_texts
from evaluators.sandbox import Sandbox
from evaluators.spec import TaskSpec, spec_parse
from tests.evaluators.tiny_task import TASK_TOML, model_folder
from tests.evaluators.tiny_text_task import TASK_TOML as LINES_TOML

TEXTS = ("", "plain", "žluťoučký kůň", "日本語 🎉", "line\nbreak\ttab", "a" * 5000)
TOML = TASK_TOML.replace("[input.features]", "[input.text]").replace(
    'dtype = "float32"\nshape = ["n", 4]', 'dtype = "text"\nshape = ["n"]'
)


@pytest.fixture
def spec() -> TaskSpec:
    return spec_parse(TOML)


@pytest.mark.parametrize("texts", [TEXTS, (), ("",)])
def test_encoding_and_decoding_change_nothing(texts: tuple[str, ...]) -> None:
    arrays = {"text": np.array(texts, dtype=np.str_), "number": np.arange(3)}
    decoded = decode_texts(encode_texts(arrays))
    assert list(decoded) == ["text", "number"]
    assert decoded["text"].dtype.kind == "U"
    assert tuple(decoded["text"]) == texts
    assert np.array_equal(decoded["number"], np.arange(3))


@pytest.mark.sandbox
def test_a_model_gets_them_as_str(bubblewrap: Sandbox, spec: TaskSpec, tmp_path: Path) -> None:
    source = f"""
import numpy as np

class Model:
    def __init__(self, folder): ...
    def predict(self, inputs):
        texts = inputs["text"]
        assert texts.ndim == 1 and all(isinstance(text, str) for text in texts)
        assert tuple(texts) == {TEXTS!r}, texts
        return np.full((len(texts), 2), 0.5, np.float32)
"""
    items = Items({"text": np.array(TEXTS)}, np.zeros(len(TEXTS), np.int64), np.arange(len(TEXTS)))
    run = practice(
        spec=spec,
        items=items,
        upload=model_folder(tmp_path, source),
        filename="submission",
        sandbox=bubblewrap,
    )
    assert run.result.error is None, run.result.error
    assert run.scores


def items(tmp_path: Path, toml: str, **arrays: np.ndarray) -> Items:
    path = tmp_path / "items.npz"
    np.savez(path, allow_pickle=False, **arrays)
    return items_load(path, spec_parse(toml))


def test_texts_are_an_array_of_str(tmp_path: Path) -> None:
    target = np.array([0, 1])
    good = items(tmp_path, TOML, input_text=np.array(["a", "b"]), target=target)
    assert tuple(good.inputs["text"]) == ("a", "b")
    for wrong in (np.array([b"a", b"b"]), np.array([["a"], ["b"]]), np.array([1, 2])):
        with pytest.raises(TaskError, match="task.toml says text"):
            items(tmp_path, TOML, input_text=wrong, target=target)


def test_a_language_model_s_target_is_the_length_of_each_document(tmp_path: Path) -> None:
    good = items(tmp_path, LINES_TOML, input_text=np.array(["žů", "", "abc"]))
    assert good.target.tolist() == [2, 0, 3]


def test_a_document_has_an_end(tmp_path: Path) -> None:
    longest = np.array(["é" * (LONGEST_DOCUMENT_BYTES // 2)])
    assert len(items(tmp_path, LINES_TOML, input_text=longest)) == 1
    with pytest.raises(TaskError, match="4098 bytes; at most 4096 are judged"):
        items(tmp_path, LINES_TOML, input_text=np.array([longest[0] + "é"]))


STRATA = TOML.replace(
    "[limits]", '[strata]\ntitle = "Length"\nnames = ["short", "long"]\n\n[limits]'
)


def test_strata_are_read_and_checked(tmp_path: Path) -> None:
    arrays = {"input_text": np.array(["a", "b"]), "target": np.array([0, 1])}
    good = items(tmp_path, STRATA, **arrays, stratum=np.array([1, 0], np.uint8))
    assert good.stratum is not None and good.stratum.tolist() == [1, 0]
    with pytest.raises(TaskError, match="lacks stratum"):
        items(tmp_path, STRATA, **arrays)
    with pytest.raises(TaskError, match="from 0 to 2, but task.toml names 2 strata"):
        items(tmp_path, STRATA, **arrays, stratum=np.array([0, 2]))
    with pytest.raises(TaskError, match="stratum has 3"):
        items(tmp_path, STRATA, **arrays, stratum=np.array([0, 1, 1]))
    with pytest.raises(TaskError, match="whole numbers"):
        items(tmp_path, STRATA, **arrays, stratum=np.array([0.0, 1.0]))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('shape = ["n"]', 'shape = ["n", 3]', 'dtype "text" needs the shape ["n"]'),
        ('evaluator = "batch"', 'evaluator = "lockstep"', "needs [input.text]"),
        ("[limits]", "[sampling]\nsamples = 50\n\n[limits]", "goes with evaluator"),
        ("[limits]", '[strata]\ntitle = "A"\nnames = ["b", "b"]\n\n[limits]', "a name twice"),
    ],
)
def test_a_wrong_declaration_is_explained(old: str, new: str, words: str) -> None:
    with pytest.raises(TaskError) as caught:
        spec_parse(TOML.replace(old, new))
    assert words in str(caught.value)


def test_lockstep_has_no_output_and_one_text() -> None:
    output = '[output.x]\ndtype = "float32"\nshape = ["n"]\n\n[split]'
    for old, new in (
        ("[split]", output),
        ('dtype = "text"\nshape = ["n"]', 'dtype = "int64"\nshape = ["n"]'),
    ):
        with pytest.raises(TaskError, match=r"needs \[input.text\]"):
            spec_parse(LINES_TOML.replace(old, new))
    with pytest.raises(TaskError, match="needs an output of kind"):
        spec_parse(LINES_TOML.replace("bits_per_character", "accuracy"))
