"""Bars."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from evaluators.diagnostics.pictures.canvas import (
    BLUE,
    HEIGHT,
    axes_name,
    label,
    labels_fit,
    picture,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LYING_BAR = 0.23  # inches


def bars_draw(
    names: Sequence[str],
    values: Sequence[float],
    *,
    x: str,
    y: str = "",
    lying: bool = False,
) -> bytes:
    """Draws a bar for each name, upright in their order, or lying with the first on top."""

    def draw(figure: "Figure") -> None:
        axes = figure.subplots()
        if lying:
            axes.barh(range(len(names)), values, color=BLUE, height=0.72)
            axes.set_yticks(range(len(names)), [label(name) for name in names])
            axes.invert_yaxis()
            axes.margins(y=0.4 / max(len(names), 4))
            axes.grid(visible=False, axis="y")
        else:
            axes.bar(range(len(names)), values, color=BLUE, width=0.78)
            labels_fit(axes, list(names))
            axes.grid(visible=False, axis="x")
        axes_name(axes, x, y)

    height = max(1.6, 0.8 + LYING_BAR * len(names)) if lying else HEIGHT
    return picture(draw, height=height)
