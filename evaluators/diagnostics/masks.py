"""How well masks cover what they should."""

from functools import partial

import numpy as np
from numpy.typing import NDArray

from evaluators.diagnostics.answered import Answered, percent
from evaluators.diagnostics.diagnostic import Cell, Draft, Table
from evaluators.diagnostics.images import images_of
from evaluators.diagnostics.pictures.bars import bars_draw
from evaluators.diagnostics.pictures.tiles import Tile, tiles_draw
from evaluators.diagnostics.pools import bins_pool, ranges

BINS = 10
# Edges of the share of an image that is foreground, in percent.
SIZES = (0, 1, 2, 5, 10, 20, 50, 100)
SHOWN = 4
# Blue, yellow and red of the palette of Okabe and Ito, on grey: no photo has such colours then.
FOUND, MISSED, SURPLUS = (0, 114, 178), (240, 228, 66), (213, 94, 0)
STRENGTH = 0.85


def image_iou(target: NDArray[np.generic], predictions: NDArray[np.generic]) -> NDArray[np.float64]:
    """Intersection by union of each image, 1 where both are empty: float64 [N]."""
    true, said = target.astype(np.bool_), predictions.astype(np.bool_)
    both = (true & said).sum(axis=(1, 2))
    either = (true | said).sum(axis=(1, 2))
    return np.where(either == 0, 1.0, both / np.maximum(either, 1))


def iou_histogram(answered: Answered) -> Draft | None:
    """How many masks are good, and how many are not."""
    iou = image_iou(answered.items.target, answered.predictions)
    bins = np.clip((iou * BINS).astype(np.int64), 0, BINS - 1)
    pools = bins_pool(answered, bins, BINS)
    if not pools:
        return None
    names = list(ranges(pools, [f"{edge / BINS:g}" for edge in range(BINS + 1)]))
    shares = [percent(pool.chosen.mean()) for pool in pools]
    return Draft(
        "iou_histogram",
        "IoU of the masks",
        answered.split,
        "The percent of the images whose mask has an intersection over union in each range.",
        Table(
            ("IoU", answered.units_title, "% of the images"),
            tuple(
                (name, answered.number(pool.chosen), share)
                for name, pool, share in zip(names, pools, shares, strict=True)
            ),
        ),
        partial(bars_draw, names, shares, x="IoU", y="percent of the images"),
    )


def iou_by_size(answered: Answered) -> Draft | None:
    """Whether small things are found as well as large ones."""
    iou = image_iou(answered.items.target, answered.predictions)
    area = 100 * answered.items.target.astype(np.float64).mean(axis=(1, 2))
    bins = np.clip(np.searchsorted(SIZES, area, side="right") - 1, 0, len(SIZES) - 2)
    pools = bins_pool(answered, bins, len(SIZES) - 1)
    if len(pools) < 2:
        return None
    names = list(ranges(pools, [str(size) for size in SIZES]))
    means = [percent(iou[pool.chosen].mean()) for pool in pools]
    return Draft(
        "iou_by_size",
        "IoU by size",
        answered.split,
        "The mean intersection over union by how much of the image is to be found.",
        Table(
            ("% of the image", answered.units_title, "mean IoU, %"),
            tuple(
                (name, answered.number(pool.chosen), mean)
                for name, pool, mean in zip(names, pools, means, strict=True)
            ),
        ),
        partial(bars_draw, names, means, x="percent of the image to be found", y="mean IoU, %"),
    )


def overlays(answered: Answered) -> Draft | None:
    """The worst and the best masks over their images; of the practice sample only."""
    target, said = answered.items.target, answered.predictions
    iou = image_iou(target, said)
    order = np.argsort(iou, kind="stable")
    shown = [int(item) for item in (*order[:SHOWN], *order[max(SHOWN, len(order) - SHOWN) :])]
    images = images_of(answered, shown) or [np.zeros((*target.shape[1:], 3)) for _ in shown]
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (item, round(float(iou[item]), 3), int(target[item].sum()), int(said[item].sum()))
        for item in shown
    )
    table = Table(("row in practice.npz", "IoU", "pixels to find", "pixels answered"), rows)
    tiles = [
        Tile(_overlay(image, target[item], said[item]), f"IoU {iou[item]:.2f}")
        for item, image in zip(shown, images, strict=True)
    ]
    return Draft(
        "masks",
        "Worst and best masks",
        answered.split,
        "Images of the practice sample: blue was found, yellow was missed, and red should not "
        "have been marked. Worst above, best below.",
        table,
        partial(tiles_draw, tiles, across=SHOWN),
    )


def _overlay(
    image: NDArray[np.float64], target: NDArray[np.generic], said: NDArray[np.generic]
) -> NDArray[np.float64]:
    true, marked = target.astype(np.bool_), said.astype(np.bool_)
    painted = np.repeat(image.mean(axis=2, keepdims=True), 3, axis=2)
    for where, colour in (
        (true & marked, FOUND),
        (true & ~marked, MISSED),
        (~true & marked, SURPLUS),
    ):
        painted[where] = (1 - STRENGTH) * painted[where] + STRENGTH * np.array(colour) / 255
    return painted
