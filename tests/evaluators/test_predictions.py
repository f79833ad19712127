"""What a model answers is hostile: everything but the wanted array is refused."""

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from evaluators.errors import SubmissionError
from evaluators.messages import Message
from evaluators.predictions import predictions_check, predictions_pack
from evaluators.spec import OutputSpec
from evaluators.verdicts import Verdict

PROBABILITIES = OutputSpec(
    dtype="float32", shape=("n", 3), kind="probabilities", classes=("a", "b", "c")
)
VALUES = OutputSpec(dtype="float32", shape=("n",))
GOOD = np.array([[0.2, 0.3, 0.5], [1, 0, 0]], dtype=np.float32)


def check(
    data: bytes | memoryview,
    *,
    dtype: str = "float32",
    shape: tuple[int, ...] = (2, 3),
    spec: OutputSpec = PROBABILITIES,
    items: int = 2,
) -> NDArray[np.generic]:
    return predictions_check(
        name="digit", dtype=dtype, shape=shape, data=data, spec=spec, items=items
    )


def refusal(
    array: NDArray[np.generic] | bytes,
    *,
    dtype: str = "float32",
    shape: tuple[int, ...] = (2, 3),
    spec: OutputSpec = PROBABILITIES,
) -> Message:
    data = array if isinstance(array, bytes) else array.tobytes()
    with pytest.raises(SubmissionError) as caught:
        check(data, dtype=dtype, shape=shape, spec=spec)
    assert caught.value.message.verdict is Verdict.INVALID_PREDICTIONS
    return caught.value.message


def test_it_returns_the_values_as_given() -> None:
    assert np.array_equal(check(GOOD.tobytes()), GOOD)
    assert check(GOOD.tobytes()).dtype == np.float32


def test_the_result_can_not_be_changed() -> None:
    buffer = bytearray(GOOD.tobytes())
    values = check(memoryview(buffer))
    buffer[:] = bytes(len(buffer))
    assert np.array_equal(values, GOOD)
    with pytest.raises(ValueError, match="read-only"):
        values[0, 0] = 1
    with pytest.raises(ValueError, match="WRITEABLE"):
        values.flags.writeable = True


@pytest.mark.parametrize(
    "dtype",
    ["float64", ">f4", "<f4", "float16", "object", "O", "|O8", "U9", "int32", "", "x" * 999],
)
def test_it_refuses_another_type(dtype: str) -> None:
    message = refusal(GOOD, dtype=dtype)
    assert message.code == "predictions_type"
    assert "np.float32" in message.help
    assert len(message.text) < 500


@pytest.mark.parametrize(
    "shape",
    [
        (),
        (2,),
        (3,),
        (3, 2),
        (1, 3),
        (3, 3),
        (2, 3, 1),
        (0, 3),
        (-1, 3),
        (-2, -3),
        (2**70, 3),
        (10**5000, 3),
        (1,) * 1000,
    ],
)
def test_it_refuses_another_shape(shape: tuple[int, ...]) -> None:
    message = refusal(GOOD, shape=shape)
    assert message.code == "predictions_shape"
    assert "(2, 3)" in message.text
    assert len(message.text) < 300


@pytest.mark.parametrize("size", [0, 1, 23, 25, 48])
def test_it_refuses_another_number_of_bytes(size: int) -> None:
    message = refusal(GOOD.tobytes().ljust(size, b"\0")[:size])
    assert message.code == "predictions_size"
    assert "24" in message.text


def test_it_counts_the_bytes_of_a_wide_view() -> None:
    assert np.array_equal(check(memoryview(GOOD.tobytes()).cast("B", (2, 12))), GOOD)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_it_refuses_what_is_not_finite(bad: float) -> None:
    array = GOOD.copy()
    array[0, 1] = array[1, 2] = bad
    message = refusal(array)
    assert message.code == "predictions_not_finite"
    assert "2 values" in message.text


def test_it_refuses_infinite_values_too() -> None:
    array = np.array([1, np.inf], dtype=np.float32)
    assert refusal(array, shape=(2,), spec=VALUES).code == "predictions_not_finite"


@pytest.mark.parametrize("row", [[-2.0, 1, 4], [1.1, 0, 0], [-0.1, 0.6, 0.5], [3e38, 0, 0]])
def test_logits_are_told_to_add_a_softmax(row: list[float]) -> None:
    message = refusal(np.array([[1, 0, 0], row], dtype=np.float32))
    assert message.code == "probabilities_out_of_range"
    assert "softmax" in message.help


@pytest.mark.parametrize("row", [[0.5, 0.5, 0.5], [0, 0, 0], [0.5, 0.5, 0.0011], [0.99, 0.005, 0]])
def test_it_refuses_rows_that_miss_one(row: list[float]) -> None:
    message = refusal(np.array([[1, 0, 0], row], dtype=np.float32))
    assert message.code == "probabilities_sum"
    assert "1 rows" in message.text
    assert f"{sum(row):.4g}" in message.text


@pytest.mark.parametrize("row", [[0.5, 0.5, 0.0009], [1 + 9e-7, 0, 0], [-9e-7, 0.5, 0.5]])
def test_it_takes_what_rounding_does(row: list[float]) -> None:
    array = np.array([[1, 0, 0], row], dtype=np.float32)
    assert np.array_equal(check(array.tobytes()), array)


def test_plain_values_may_be_anything_finite() -> None:
    array = np.array([-3e38, 3e38], dtype=np.float32)
    assert np.array_equal(check(array.tobytes(), shape=(2,), spec=VALUES), array)


@pytest.mark.parametrize("dtype", ["int64", "uint8"])
def test_it_reads_whole_numbers(dtype: str) -> None:
    spec = OutputSpec(dtype=dtype, shape=("n", 2))  # type: ignore[arg-type]
    array = np.arange(4, dtype=dtype).reshape(2, 2)
    assert np.array_equal(check(array.tobytes(), dtype=dtype, shape=(2, 2), spec=spec), array)


@given(st.binary(max_size=40), st.lists(st.integers(-3, 5), max_size=4))
def test_any_bytes_are_refused_or_read(data: bytes, shape: list[int]) -> None:
    try:
        values = check(data, shape=tuple(shape))
    except SubmissionError as error:
        assert error.message.verdict is Verdict.INVALID_PREDICTIONS
    else:
        assert values.shape == (2, 3)


@pytest.mark.parametrize(
    ("dtype", "shape", "array", "words"),
    [
        ("a hidden image", (2, 3), GOOD, "another type"),
        ("float32", (123456, 789), GOOD, "another shape"),
        ("float32", (2, 3), GOOD[:1], "number of bytes"),
        ("float32", (2, 3), np.full((2, 3), np.nan, np.float32), "NaN"),
        ("float32", (2, 3), np.full((2, 3), 123.456, np.float32), "outside 0 to 1"),
        ("float32", (2, 3), np.full((2, 3), 0.123456, np.float32), "add up to 1"),
    ],
)
def test_a_refusal_carries_no_hidden_input_out(
    dtype: str, shape: tuple[int, ...], array: NDArray[np.float32], words: str
) -> None:
    with pytest.raises(SubmissionError, match=words) as caught:
        predictions_check(
            name="digit",
            dtype=dtype,
            shape=shape,
            data=array.tobytes(),
            spec=PROBABILITIES,
            items=2,
            hidden=True,
        )
    message = caught.value.message
    assert message.verdict is Verdict.INVALID_PREDICTIONS
    assert "image" not in message.text
    assert not set("23456789") & set(message.text)


def test_packed_predictions_can_be_read_without_pickle() -> None:
    packed = predictions_pack(GOOD)
    with np.load(io.BytesIO(packed), allow_pickle=False) as file:
        assert np.array_equal(file["predictions"], GOOD)
    assert predictions_pack(GOOD) == packed
