"""Small images side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from evaluators.diagnostics.pictures.canvas import label, picture

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TILE = 1.2  # inches
TITLE = 0.2


@dataclass(frozen=True, slots=True)
class Tile:
    """An image with its title.

    Attributes:
        image: RGB from 0 to 1, float64 [H, W, 3].
        title: a few words.
    """

    image: NDArray[np.float64]
    title: str


def tiles_draw(tiles: Sequence[Tile], *, across: int) -> bytes:
    """Draws images in rows of so many."""
    down = -(-len(tiles) // across)

    def draw(figure: "Figure") -> None:
        grid = figure.subplots(down, across, squeeze=False).ravel()
        for axes in grid:
            axes.set_axis_off()
        for axes, tile in zip(grid, tiles, strict=False):
            axes.imshow(tile.image.clip(0, 1), interpolation="nearest")
            axes.set_title(label(tile.title), fontsize=8.5, pad=3)

    return picture(draw, width=TILE * across, height=(TILE + TITLE) * down)
