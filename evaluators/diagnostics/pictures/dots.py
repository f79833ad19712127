"""Dots."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from evaluators.diagnostics.pictures.canvas import BLUE, GREY, INK, axes_name, labels_fit, picture

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def residuals_draw(
    over: NDArray[np.int64], off: NDArray[np.float64], names: Sequence[str] | None, *, x: str
) -> bytes:
    """Draws errors over numbered strata, with the median of each, or over the items."""

    def draw(figure: "Figure") -> None:
        axes = figure.subplots()
        axes.axhline(0, color=GREY, linewidth=1.2)
        axes.scatter(over, off, s=14, color=BLUE, alpha=0.35, linewidths=0)
        if names is not None:
            for stratum in np.unique(over):
                median = np.median(off[over == stratum])
                axes.hlines(median, stratum - 0.35, stratum + 0.35, color=INK, linewidth=2)
            labels_fit(axes, list(names))
        axes.grid(visible=False, axis="x")
        axes_name(axes, x, "predicted less true")

    return picture(draw)
