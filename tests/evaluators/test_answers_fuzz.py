"""Whatever comes out of a sandbox: declared errors, and never more than was agreed."""

import io
import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from evaluators.blame import failure_fault, failure_parse
from evaluators.errors import SubmissionError
from evaluators.predictions import predictions_check
from evaluators.protocols.sampling import ANSWER, _texts
from evaluators.protocols.stage import Conversation
from evaluators.report import Stage
from evaluators.runner.arrays import ArraysError, RawArray, pack_arrays, unpack_raw
from evaluators.runner.frames import HEADER, MAGIC, FrameError, Kind, read_frame
from evaluators.runner.texts import OFFSETS, encode_texts
from evaluators.spec import Limits, OutputSpec

LIMITS = Limits(wall_seconds=60, memory_mb=512, cpus=1, artifact_mb=5)
SPECS = (
    OutputSpec(dtype="float32", shape=("n",)),
    OutputSpec(dtype="float32", shape=("n", 3), kind="probabilities", classes=("a", "b", "c")),
    OutputSpec(dtype="uint8", shape=("n", 2, 2), kind="mask"),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=12,
)
SIZES = st.integers(-2, 5) | st.integers(0, 2**64)
ENTRIES = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["out", "\ud800", "x" * 3000]) | st.text(max_size=5),
        "dtype": st.sampled_from(
            ["float32", "float64", "float16", ">f4", "complex64", "object", "V8", "U9", "uint8"]
        ),
        "shape": st.lists(SIZES, max_size=34),
    }
)


def answer(header: object, data: bytes) -> bytes:
    text = json.dumps(header).encode()
    return struct.pack("<I", len(text)) + text + data


@given(st.binary(max_size=200), st.integers(0, 300))
def test_bytes_that_are_no_frame(data: bytes, limit: int) -> None:
    try:
        frame = read_frame(io.BytesIO(data), limit)
    except (FrameError, EOFError):
        return
    assert len(frame.payload) <= limit


@given(st.sampled_from(list(Kind)), st.integers(0, 2**32 - 1), st.binary(max_size=100))
def test_a_frame_that_promises_more_than_it_brings(kind: Kind, length: int, data: bytes) -> None:
    whole = HEADER.pack(MAGIC, kind, 0, length) + data
    try:
        frame = read_frame(io.BytesIO(whole), 2**32)
    except EOFError:
        assert length > len(data)
        return
    assert bytes(frame.payload) == data[:length]


@given(st.binary(max_size=300))
def test_bytes_that_are_no_arrays(data: bytes) -> None:
    with_length = struct.pack("<I", max(0, len(data) - 8)) + data
    for payload in (data, with_length):
        try:
            arrays = unpack_raw(payload)
        except ArraysError:
            continue
        assert sum(array.data.nbytes for array in arrays) <= len(payload)


@given(st.lists(ENTRIES | JSON, max_size=4) | JSON, st.binary(max_size=64))
@example([{"name": "x", "dtype": "uint8", "shape": [2**47] * 32}] * 2, b"ab")
@example([[[]]], b"")
def test_headers_of_any_kind(header: Any, data: bytes) -> None:
    payload = answer(header, data)
    try:
        arrays = unpack_raw(payload)
    except ArraysError:
        return
    assert sum(array.data.nbytes for array in arrays) <= len(data)
    for array in arrays:
        for spec in SPECS:
            for hidden in (False, True):
                check(array, spec, hidden=hidden)


def check(array: RawArray, spec: OutputSpec, *, hidden: bool) -> None:
    """Checks an array as predictions; what is refused is told in words that can be stored."""
    try:
        values = predictions_check(
            name="out", dtype=array.dtype, shape=array.shape, data=array.data, spec=spec,
            items=2, hidden=hidden,
        )  # fmt: skip
    except SubmissionError as error:
        told = error.message.text + error.message.help
        assert len(told.encode()) < 4000 and "\x00" not in told
        if hidden:
            # Nothing of what it answered: the same words whatever that was.
            assert array.dtype not in told or array.dtype == spec.dtype
            assert str(array.shape) not in told
        return
    assert values.shape == (2, *spec.item_shape) and values.dtype == spec.dtype


@given(st.binary(min_size=24, max_size=24), st.sampled_from([SPECS[1]]))
def test_numbers_of_any_bits(data: bytes, spec: OutputSpec) -> None:
    """NaN with a message in it, denormals, infinities: refused, or kept as they are."""
    with np.errstate(all="raise"):
        check(RawArray("out", "float32", (2, 3), memoryview(data)), spec, hidden=True)


class _Talk(Conversation):
    """A conversation of which only what nonsense is called is asked."""

    def __init__(self) -> None:
        pass

    def nonsense(self) -> SubmissionError:
        return SubmissionError("bad_protocol", stage=Stage.PRACTICE)


INT64 = st.integers(-(2**63), 2**63 - 1)


@given(st.binary(max_size=60), st.lists(INT64 | st.integers(-2, 62), max_size=8))
@example(b"x" * 40, [0, 2**63 - 1, -(2**63), -1, 40])
@example(b"x" * 40, [0, 2**63 - 1, -(2**63), -1, 2**63 - 1, -(2**63), -1, 40])
def test_texts_are_never_more_than_their_bytes(content: bytes, offsets: list[int]) -> None:
    ends = memoryview(np.array(offsets, "<i8").tobytes())
    raw = [
        RawArray(ANSWER, "uint8", (len(content),), memoryview(content)),
        RawArray(ANSWER + OFFSETS, "int64", (len(offsets),), ends),
    ]
    try:
        texts = _texts(_Talk(), raw)
    except SubmissionError:
        return
    assert sum(len(text.encode()) for text in texts) == len(content)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=20), min_size=1))
def test_honest_texts_arrive(texts: list[str]) -> None:
    # numpy's own strings end at their last character that is not NUL.
    texts = [text.rstrip("\x00") for text in texts]
    payload = pack_arrays(encode_texts({ANSWER: np.array(texts, dtype=np.str_)}))
    assert list(_texts(_Talk(), unpack_raw(payload))) == texts


@pytest.fixture(scope="module")
def artifact(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("artifact")
    (folder / "model.py").write_text("a\nb\nc\n")
    return folder


REPORTS = st.fixed_dictionaries(
    {
        "step": st.sampled_from(["predict", "load", "file", "class"]) | JSON,
        "types": st.lists(st.sampled_from(["ValueError", "Secret", "\ud800\x00"]) | JSON),
        "message": st.text(max_size=30) | JSON,
        "file": st.sampled_from(["model.py", "../model.py", "/etc/passwd", "\ud800", None]) | JSON,
        "line": st.sampled_from([1, 3, 4, 0, -1, 10**4000, True]) | JSON,
        "memory": st.sampled_from([True, False, 1]) | JSON,
        "note": st.text(max_size=30) | JSON,
    }
)
ANY_REPORT = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@ANY_REPORT
@given(REPORTS.map(lambda report: json.dumps(report).encode()) | st.binary(max_size=60))
@example(b"[" * 60_000)
@example(b'{"types": ' + b"[" * 60_000)
@example(b"9" * 60_000)
@example("{}".encode("utf-16"))
def test_reports_of_any_kind_end_in_words_that_can_be_stored(
    artifact: Path, payload: bytes
) -> None:
    for stage in (Stage.PRACTICE, Stage.JUDGED):
        told = fault(payload, stage, artifact)
        text = told.message.text + told.message.help
        assert len(text.encode()) < 6000 and "\x00" not in text and "\ud800" not in text
        if stage is Stage.JUDGED:
            for secret in ("Secret", "passwd", "4000"):
                assert secret not in text


@ANY_REPORT
@given(REPORTS, st.text("abcdefgh", min_size=8, max_size=20))
def test_the_judged_stage_tells_no_word_of_a_report(
    artifact: Path, report: dict[str, Any], secret: str
) -> None:
    spoken = report | {
        "types": [secret, "ValueError"], "message": secret, "file": secret, "note": secret,
    }  # fmt: skip
    told = fault(json.dumps(spoken).encode(), Stage.JUDGED, artifact)
    assert secret not in told.message.text + told.message.help


def fault(payload: bytes, stage: Stage, artifact: Path) -> SubmissionError:
    return failure_fault(
        failure_parse(payload),
        stage=stage,
        limits=LIMITS,
        artifact=artifact,
        entry="model.py",
        signatures="predict(self, inputs)",
    )
