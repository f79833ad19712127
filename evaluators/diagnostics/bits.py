"""Where the bits of a language model go."""

from functools import partial
from itertools import pairwise

import numpy as np

from evaluators.diagnostics.answered import Answered, figures
from evaluators.diagnostics.diagnostic import Draft, Table
from evaluators.diagnostics.pictures.curves import steps_draw

# Where bins begin, in bytes from the beginning of a document, and where no document is.
EDGES = (0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048)
BEYOND = 1 << 30


def bits_by_position(answered: Answered) -> Draft | None:
    """Bits a symbol by how much of its document the model has seen.

    What is beyond the last bin that enough documents reach, is in that bin.
    """
    bits = answered.predictions.astype(np.float64)
    lengths = np.array([len(str(text).encode()) + 1 for text in answered.items.inputs["text"]])
    rows: list[tuple[str, int, float]] = []
    starts = [edge for edge in EDGES if answered.enough(lengths > edge)]
    for start, end in pairwise([*starts, BEYOND]):
        there = lengths > start
        symbols = np.minimum(lengths[there], end) - start
        mean = figures(bits[there, start:end].sum() / symbols.sum())
        rows.append((_name(start, end), answered.number(there), mean))
    if len(rows) < 2:
        return None
    names, _, means = zip(*rows, strict=True)
    return Draft(
        "bits_by_position",
        "Bits by position",
        answered.split,
        "The mean bits of a symbol by how many bytes of its document came before: of a model that "
        "makes use of what it has read the line falls.",
        Table(("bytes before", answered.units_title, "bits a symbol"), tuple(rows)),
        partial(steps_draw, names, means, x="bytes of the document before", y="bits a symbol"),
    )


def _name(start: int, end: int) -> str:
    if end == BEYOND:
        return f"{start} and more"
    return str(start) if end - start == 1 else f"{start}–{end - 1}"
