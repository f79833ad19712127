"""A figure of the house's looks, and its PNG."""

import io
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DPI = 200
WIDTH, HEIGHT = 4.5, 3.1  # inches
# Of the palette of Okabe and Ito, which the colour-blind can tell apart.
BLUE, ORANGE, GREY, INK = "#0072B2", "#D55E00", "#8A8F98", "#20242B"
FONT = "DejaVu Sans"
UNKNOWN = "\N{REPLACEMENT CHARACTER}"
LABEL_LENGTH, TITLE_LENGTH = 24, 50
# Characters that fit beside one another under an axis.
ROOM = 40
# Any: the stubs want each of these names to be known one by one.
STYLE: Any = {
    "font.family": [FONT],
    "font.size": 10.0,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#E3E6EA",
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    # Names of classes are names, whatever dollars they hold.
    "text.parse_math": False,
}


def picture(
    draw: "Callable[[Figure], None]", *, width: float = WIDTH, height: float = HEIGHT
) -> bytes:
    """Draws a figure and returns its PNG; the same figure gives the same bytes.

    Args:
        draw: fills an empty figure.
        width: in inches; pages show an inch as about 90 pixels.
        height: in inches.
    """
    import matplotlib
    from matplotlib.figure import Figure

    # Whatever settings the machine's users have, pictures look the same.
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(STYLE)
        figure = Figure(figsize=(width, height), dpi=DPI, layout="constrained")
        draw(figure)
        file = io.BytesIO()
        figure.savefig(file, format="png", metadata={"Software": None})
    return file.getvalue()


def label(text: str, *, longest: int = LABEL_LENGTH) -> str:
    """A name as the font can draw it: cut, in one line, unknown characters replaced."""
    known = "".join(c if c.isprintable() and _has_glyph(c) else UNKNOWN for c in text)
    return known if len(known) <= longest else known[: longest - 1] + "…"


def axes_name(axes: "Axes", x: str, y: str) -> None:
    """Writes what the axes are."""
    axes.set_xlabel(label(x, longest=TITLE_LENGTH))
    axes.set_ylabel(label(y, longest=TITLE_LENGTH))


def labels_fit(axes: "Axes", names: list[str], *, most: int = 13) -> None:
    """Writes names under the ticks 0, 1, 2 ...; every second or third of very many."""
    step = -(-len(names) // most)
    places = range(0, len(names), step)
    longest = max((len(names[place]) for place in places), default=0)
    crowded = longest * len(places) > ROOM
    axes.set_xticks(
        list(places),
        [label(names[place]) for place in places],
        rotation=40 if crowded else 0,
        ha="right" if crowded else "center",
        rotation_mode="anchor" if crowded else "default",
    )


@cache
def _has_glyph(character: str) -> bool:
    from matplotlib.font_manager import findfont, get_font

    return get_font(findfont(FONT)).get_char_index(ord(character)) != 0
