"""Whatever form a task's images have, they are shown as what they are."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from evaluators.diagnostics import Answered
from evaluators.diagnostics.images import images_of
from evaluators.report import Split
from evaluators.spec import ArraySpec
from tests.evaluators.diagnostics.answers import toy

RNG = np.random.default_rng(0)
GREY = RNG.random((4, 6, 5)).astype(np.float32)
Form = tuple[NDArray[np.generic], NDArray[np.floating] | None]
FORMS: dict[str, Form] = {
    "grey": (GREY, GREY[..., None].repeat(3, axis=3)),
    "grey with a channel": (GREY[..., None], GREY[..., None].repeat(3, axis=3)),
    "bytes": (
        np.array([[[[0, 51, 255]]]] * 4, np.uint8).repeat(2, axis=1),
        np.array([[[[0.0, 0.2, 1.0]]]] * 4).repeat(2, axis=1),
    ),
    "other floats": (
        np.stack([-GREY, GREY, 0 * GREY], axis=3),
        None,
    ),
    "one grey everywhere": (np.full((4, 2, 2), 7.0, np.float32), np.full((4, 2, 2, 3), 7.0)),
}


def _answered(array: NDArray[np.generic]) -> Answered:
    made = toy("probabilities", RNG, items=4, units=4)
    spec = ArraySpec.model_validate({"dtype": array.dtype.name, "shape": ["n", *array.shape[1:]]})
    items = replace(made.items, inputs={"images": array})
    changed = made.spec.model_copy(update={"input": {"images": spec}})
    return Answered(changed, items, made.predictions, Split.PRACTICE)


@pytest.mark.parametrize("form", FORMS)
def test_images_are_rgb_from_0_to_1(form: str) -> None:
    array, wanted = FORMS[form]
    images = images_of(_answered(array), [2, 0])
    assert images is not None and len(images) == 2
    for image, row in zip(images, (2, 0), strict=True):
        assert image.shape == (*array.shape[1:3], 3)
        if wanted is None:
            assert 0 <= image.min() < image.max() <= 1
        else:
            assert image == pytest.approx(wanted[row])


@pytest.mark.parametrize("shape", [(4, 3), (4, 1, 9), (4, 6, 6, 2), (4, 600, 600), (4, 2, 2, 2, 3)])
def test_what_is_no_image_is_none(shape: tuple[int, ...]) -> None:
    assert images_of(_answered(np.zeros(shape, np.float32)), [0]) is None
