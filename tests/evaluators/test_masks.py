"""Masks hold nothing but 0 and 1."""

import numpy as np
import pytest

from evaluators.errors import SubmissionError, TaskError
from evaluators.predictions import predictions_check
from evaluators.spec import OutputSpec
from evaluators.targets import targets_check

SPEC = OutputSpec(dtype="uint8", shape=("n", 2, 3), kind="mask")


def check(masks: np.ndarray, *, hidden: bool = False) -> np.ndarray:
    return predictions_check(
        name="mask",
        dtype=str(masks.dtype),
        shape=masks.shape,
        data=masks.tobytes(),
        spec=SPEC,
        items=4,
        hidden=hidden,
    )


def test_zeros_and_ones_are_accepted() -> None:
    masks = np.arange(24, dtype=np.uint8).reshape(4, 2, 3) % 2
    assert np.array_equal(check(masks), masks)


@pytest.mark.parametrize("value", [2, 255])
def test_other_values_are_refused_with_their_fix(value: int) -> None:
    masks = np.zeros((4, 2, 3), np.uint8)
    masks[1, 1] = value
    with pytest.raises(SubmissionError) as caught:
        check(masks)
    assert f"3 values are neither 0 nor 1 (the largest is {value})" in caught.value.message.text
    assert "astype(np.uint8)" in caught.value.message.help
    with pytest.raises(SubmissionError) as caught:
        check(masks, hidden=True)
    assert str(value) not in caught.value.message.text


@pytest.mark.parametrize("dtype", ["bool", "float32", "int64"])
def test_other_types_are_refused(dtype: str) -> None:
    with pytest.raises(SubmissionError) as caught:
        check(np.zeros((4, 2, 3), dtype))
    assert caught.value.message.code == "predictions_type"


def test_targets_are_masks_too() -> None:
    targets_check(SPEC, np.ones((5, 2, 3), np.uint8))
    for wrong, words in (
        (np.full((5, 2, 3), 2, np.uint8), "there is a 2"),
        (np.zeros((5, 2, 3), np.int64), "uint8"),
        (np.zeros((5, 3, 2), np.uint8), "uint8"),
    ):
        with pytest.raises(TaskError, match=words):
            targets_check(SPEC, wrong)


@pytest.mark.parametrize(
    "changes", [{"dtype": "float32"}, {"shape": ("n", 4)}, {"shape": ("n", 2, 3, 1)}]
)
def test_a_mask_has_height_and_width(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="height, width"):
        OutputSpec.model_validate(SPEC.model_dump() | changes)
