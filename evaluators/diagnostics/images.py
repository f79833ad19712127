"""Images of the practice sample that a model is wrong about."""

from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from evaluators.diagnostics.answered import Answered, percent
from evaluators.diagnostics.classes import class_names
from evaluators.diagnostics.diagnostic import Cell, Draft, Table
from evaluators.diagnostics.pictures.tiles import Tile, tiles_draw
from evaluators.diagnostics.worst import worst_first

SHOWN = 8
ACROSS = 4
LARGEST_SIDE = 256


def images_of(answered: Answered, rows: Sequence[int]) -> list[NDArray[np.float64]] | None:
    """Rows of the first input that is images, as RGB from 0 to 1: each float64 [H, W, 3].

    Images are uint8, or floats which are taken to run from 0 to 1 unless they leave that range.

    Returns:
        An image for each row; None if no input is images.
    """
    for name, spec in answered.spec.input.items():
        array, shape = answered.items.inputs[name], spec.item_shape
        if len(shape) == 2 and min(shape) > 1:
            array = array[..., np.newaxis]
        elif len(shape) != 3 or shape[2] not in (1, 3):
            continue
        if max(array.shape[1:3]) > LARGEST_SIDE or array.dtype.kind not in "uf":
            continue
        low, high = _range(array)
        images = (array[list(rows)].astype(np.float64) - low) / (high - low)
        return list(np.broadcast_to(images, (*images.shape[:3], 3)))
    return None


def confident_mistakes(answered: Answered) -> Draft | None:
    """The images that a model is most surely wrong about; of the practice sample only."""
    names = class_names(answered)
    mistakes = [one for one in worst_first(answered, SHOWN) if not one.is_right]
    images = images_of(answered, [one.item for one in mistakes])
    if images is None or not mistakes:
        return None
    rows: list[tuple[Cell, ...]] = []
    tiles: list[Tile] = []
    for one, image in zip(mistakes, images, strict=True):
        said, true = names[one.answer], names[one.true]
        rows.append((one.item, true, said, percent(one.sure)))
        tiles.append(Tile(image, f"{said}, not {true}: {percent(one.sure)} %"))
    return Draft(
        "confident_mistakes",
        "Surest mistakes",
        answered.split,
        "Images of the practice sample that the model is most surely wrong about: what it says, "
        "what is right, and how sure it is.",
        Table(("row in practice.npz", "true class", "answered", "its confidence, %"), tuple(rows)),
        partial(tiles_draw, tiles, across=ACROSS),
    )


def _range(array: NDArray[np.generic]) -> tuple[float, float]:
    """What is black, and what is white."""
    if array.dtype == np.uint8:
        return 0.0, 255.0
    low, high = float(np.min(array)), float(np.max(array))
    return (0.0, 1.0) if (low >= 0 and high <= 1) or low == high else (low, high)
