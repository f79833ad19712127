"""Curves."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from evaluators.diagnostics.pictures.canvas import BLUE, GREY, axes_name, labels_fit, picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def reliability_draw(confidence: Sequence[float], accuracy: Sequence[float]) -> bytes:
    """Draws accuracy over confidence, both in percent."""

    def draw(figure: "Figure") -> None:
        axes = figure.subplots()
        _against_diagonal(axes, confidence, accuracy, 0, 100)
        axes_name(axes, "confidence, %", "right, %")

    return picture(draw)


def agreement_draw(said: Sequence[float], was: Sequence[float]) -> bytes:
    """Draws means of true values over means of predictions."""

    def draw(figure: "Figure") -> None:
        axes = figure.subplots()
        low, high = min(*said, *was), max(*said, *was)
        room = 0.05 * ((high - low) or 1)
        _against_diagonal(axes, said, was, low - room, high + room)
        axes_name(axes, "mean prediction", "mean of the true values")

    return picture(draw)


def steps_draw(names: Sequence[str], values: Sequence[float], *, x: str, y: str) -> bytes:
    """Draws a line over bins in their order."""

    def draw(figure: "Figure") -> None:
        axes = figure.subplots()
        axes.plot(range(len(values)), values, color=BLUE, marker="o", linewidth=2)
        labels_fit(axes, list(names))
        axes.set_ylim(bottom=0)
        axes_name(axes, x, y)

    return picture(draw)


def _against_diagonal(
    axes: "Axes", x: Sequence[float], y: Sequence[float], low: float, high: float
) -> None:
    axes.plot([low, high], [low, high], color=GREY, linestyle="--", linewidth=1.2)
    # A dot on an edge is a dot, not half of one.
    axes.plot(x, y, color=BLUE, marker="o", linewidth=2, clip_on=False, zorder=3)
    axes.set_xlim(low, high)
    axes.set_ylim(low, high)
