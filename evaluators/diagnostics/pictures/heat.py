"""Shares in a grid."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from evaluators.diagnostics.pictures.canvas import ROOM, WIDTH, axes_name, label, picture

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ROW = 0.27  # inches
DARK = 0.55
EMPTY = "#DFE2E6"


def heat_draw(
    shares: NDArray[np.float64],
    rows: Sequence[str],
    columns: Sequence[str],
    *,
    x: str,
    y: str,
    zeros: bool = False,
) -> bytes:
    """Draws shares as the shade and the percents of cells; cells of NaN stay grey.

    Args:
        shares: float64 [R, C], from 0 to 1.
        rows: R names.
        columns: C names.
        x: what columns are.
        y: what rows are.
        zeros: whether to write 0 too, where it says something.
    """

    def draw(figure: "Figure") -> None:
        axes = figure.subplots()
        axes.set_facecolor(EMPTY)
        axes.imshow(shares, cmap="Blues", vmin=0, vmax=1, aspect="auto")
        for row, column in np.argwhere(~np.isnan(shares)):
            share = shares[row, column]
            percent = round(100 * share)
            if percent or zeros:
                colour = "white" if share > DARK else "#20242B"
                axes.text(
                    column, row, str(percent), ha="center", va="center", fontsize=8.5, color=colour
                )
        crowded = len(columns) * max(map(len, columns)) > ROOM
        axes.set_xticks(
            range(len(columns)),
            [label(name) for name in columns],
            rotation=40 if crowded else 0,
            ha="right" if crowded else "center",
            rotation_mode="anchor" if crowded else "default",
        )
        axes.set_yticks(range(len(rows)), [label(name) for name in rows])
        axes.tick_params(length=0)
        axes.grid(visible=False)
        for spine in axes.spines.values():
            spine.set_visible(False)
        axes_name(axes, x, y)

    return picture(draw, width=WIDTH, height=max(2.2, 1.0 + ROW * len(rows)))
