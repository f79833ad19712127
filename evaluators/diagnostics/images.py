"""Images of the practice sample that a model is wrong about."""

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


def images_of(answered: Answered) -> NDArray[np.float64] | None:
    """The first input that is images, as RGB from 0 to 1: float64 [N, H, W, 3]; None without one.

    Images are uint8, or floats which are taken to run from 0 to 1 unless they leave that range.
    """
    for name, spec in answered.spec.input.items():
        array = answered.items.inputs[name]
        shape = spec.item_shape
        if len(shape) == 2 and min(shape) > 1:
            array = array[..., np.newaxis]
        elif len(shape) != 3 or shape[2] not in (1, 3):
            continue
        if max(array.shape[1:3]) > LARGEST_SIDE or array.dtype.kind not in "uf":
            continue
        return _rgb(array)
    return None


def confident_mistakes(answered: Answered) -> Draft | None:
    """The images that a model is most surely wrong about; of the practice sample only."""
    images = images_of(answered)
    if images is None:
        return None
    names = class_names(answered)
    rows: list[tuple[Cell, ...]] = []
    tiles: list[Tile] = []
    for mistake in worst_first(answered, SHOWN):
        if mistake.is_right:
            continue
        said, true = names[mistake.answer], names[mistake.true]
        rows.append((mistake.item, true, said, percent(mistake.sure)))
        tiles.append(Tile(images[mistake.item], f"{said}, not {true}: {percent(mistake.sure)} %"))
    if not rows:
        return None
    return Draft(
        "confident_mistakes",
        "Surest mistakes",
        answered.split,
        "Images of the practice sample that the model is most surely wrong about: what it says, "
        "what is right, and how sure it is.",
        Table(("row in practice.npz", "true class", "answered", "its confidence, %"), tuple(rows)),
        partial(tiles_draw, tiles, across=ACROSS),
    )


def _rgb(array: NDArray[np.generic]) -> NDArray[np.float64]:
    values = array.astype(np.float64)
    if array.dtype == np.uint8:
        values /= 255
    elif values.size and (values.min() < 0 or values.max() > 1):
        low, high = values.min(), values.max()
        values = (values - low) / ((high - low) or 1.0)
    return np.broadcast_to(values, (*values.shape[:3], 3)).copy()
