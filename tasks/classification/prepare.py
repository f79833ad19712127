"""Makes the data of the warped digits: each handwritten original is bent in a secret way.

The originals are public, so the judged images must not be: a file lookup would answer them.
Which originals are judged, and how each copy is warped, follows from the installation's secret
seed. No original is in more than one of train, practice and judged.
"""

from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import map_coordinates

RAW_FILE = "mnist_5k.csv.gz"
SIDE = 28
CHUNK = 600  # images warped at a time, which bounds memory

JUDGED_SHARE = 0.2  # of the originals of each digit
PRACTICE_SHARE = 0.06
TRAIN_COPIES = 2
JUDGED_COPIES = 5  # several warps of an original make its score less a matter of luck

ROTATION = np.deg2rad(20)
SHEAR = 0.25
SCALE = (0.75, 1.15)  # of each axis on its own
SHIFT = 2.0  # pixels
NOISE = (0.02, 0.12)  # standard deviation, drawn for each image


class Seed(Protocol):
    """What `prepare` needs of the installation's seed."""

    def stream(self, purpose: str) -> np.random.Generator: ...


class Part(NamedTuple):
    """Warped images with their digits and the numbers of their originals."""

    images: NDArray[np.float32]
    labels: NDArray[np.int64]
    original: NDArray[np.int64]


def prepare(raw: Path, public: Path, private: Path, seed: Seed) -> None:
    """Writes the training and practice data under `public`, the judged data under `private`."""
    pixels, labels = read(raw / RAW_FILE)
    judged, practice, train = divide(labels, seed.stream("which originals are judged"))
    write_train(public, make(pixels, labels, train, TRAIN_COPIES, seed, "train"), seed)
    write_practice(public, make(pixels, labels, practice, 1, seed, "practice"), seed)
    private.mkdir(parents=True, exist_ok=True)
    write_items(private / "judged.npz", make(pixels, labels, judged, JUDGED_COPIES, seed, "judged"))


def contaminate(raw: Path, public: Path, seed: Seed) -> None:
    """Writes what somebody has who trains on all public originals, the judged ones included.

    Nobody is given this. It tells how much looking up the originals would gain: their warps here
    are others than the judged ones, which stay secret.
    """
    pixels, labels = read(raw / RAW_FILE)
    _, practice, _ = divide(labels, seed.stream("which originals are judged"))
    everything = np.arange(len(labels))
    write_train(public, make(pixels, labels, everything, TRAIN_COPIES, seed, "look-up"), seed)
    write_practice(public, make(pixels, labels, practice, 1, seed, "practice"), seed)


def make(
    pixels: NDArray[np.float32],
    labels: NDArray[np.int64],
    originals: NDArray[np.int64],
    copies: int,
    seed: Seed,
    name: str,
) -> Part:
    """Warps copies of these originals, in an order of their own."""
    order = seed.stream(f"order of {name}").permutation(np.repeat(originals, copies))
    images = warp(pixels, order, seed.stream(f"warps of {name}"), name)
    return Part(images, labels[order], order)


def read(path: Path) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Reads rows of 784 grey values (0..255) and a digit.

    Returns:
        float32 [N, 28, 28] from 0 to 1, and int64 [N].
    """
    print("reading the originals", flush=True)
    rows = np.loadtxt(path, delimiter=",", dtype=np.int16, ndmin=2)
    if rows.shape[1] != SIDE * SIDE + 1:
        raise ValueError(f"{path.name} has {rows.shape[1]} columns, not 784 pixels and a label")
    pixels, labels = rows[:, :-1], rows[:, -1].astype(np.int64)
    if pixels.min() < 0 or pixels.max() > 255 or set(labels) != set(range(10)):
        raise ValueError(f"{path.name}: grey values are 0..255, and labels are the digits 0..9")
    return (pixels / np.float32(255)).reshape(-1, SIDE, SIDE).astype(np.float32), labels


def divide(
    labels: NDArray[np.int64], random: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Divides the originals into judged, practice and train, in equal shares of each digit.

    Returns:
        Three arrays of row numbers, each in rising order.
    """
    parts: tuple[list[NDArray[np.int64]], ...] = ([], [], [])
    for digit in range(10):
        rows = random.permutation(np.flatnonzero(labels == digit))
        judged = max(1, round(JUDGED_SHARE * len(rows)))
        practice = max(1, round(PRACTICE_SHARE * len(rows)))
        for part, chosen in zip(parts, np.split(rows, [judged, judged + practice]), strict=True):
            part.append(chosen)
    judged_rows, practice_rows, train_rows = (np.sort(np.concatenate(part)) for part in parts)
    return judged_rows, practice_rows, train_rows


def warp(
    pixels: NDArray[np.float32], rows: NDArray[np.int64], random: np.random.Generator, name: str
) -> NDArray[np.float32]:
    """Warps a copy of each of these originals, and adds noise.

    Returns:
        float32 [len(rows), 28, 28, 1] from 0 to 1, in steps of 1/255.
    """
    images = np.empty((len(rows), SIDE, SIDE), np.float32)
    for start in range(0, len(rows), CHUNK):
        chunk = pixels[rows[start : start + CHUNK]]
        bent = bend(chunk, random)
        spread = random.uniform(*NOISE, size=(len(chunk), 1, 1))
        noisy = bent + spread * random.standard_normal(bent.shape)
        images[start : start + len(chunk)] = np.rint(255 * noisy.clip(0, 1)) / 255
        print(f"warping {name} digits {start + len(chunk)}/{len(rows)}", flush=True)
    return images[..., np.newaxis]


def bend(images: NDArray[np.float32], random: np.random.Generator) -> NDArray[np.float32]:
    """Rotates, shears, stretches and shifts each image in its own way, about its centre."""
    n = len(images)
    angle = random.uniform(-ROTATION, ROTATION, n)
    shear = random.uniform(-SHEAR, SHEAR, n)
    scale = random.uniform(*SCALE, (n, 2))
    shift = random.uniform(-SHIFT, SHIFT, (n, 2, 1))

    one, zero, cos, sin = np.ones(n), np.zeros(n), np.cos(angle), np.sin(angle)
    turned = _matrices(cos, -sin, sin, cos)
    slanted = _matrices(one, zero, shear, one)
    # From a point of the result back to the point of the original that it shows.
    matrices = turned @ slanted / scale[:, np.newaxis, :]
    centre = (SIDE - 1) / 2
    grid = np.indices((SIDE, SIDE)).reshape(2, -1) - centre
    rows, columns = np.moveaxis(matrices @ grid + shift + centre, 1, 0)
    which = np.broadcast_to(np.arange(n)[:, np.newaxis], rows.shape)
    bent = map_coordinates(images, [which, rows, columns], order=1, mode="constant")
    return bent.reshape(images.shape)


def _matrices(a: NDArray, b: NDArray, c: NDArray, d: NDArray) -> NDArray[np.float64]:
    """The matrices ((a, b), (c, d)), one for each element: float64 [n, 2, 2]."""
    return np.stack([a, b, c, d], axis=1).reshape(-1, 2, 2)


def renumber(part: Part, random: np.random.Generator) -> Part:
    """Numbers the originals anew: rows of the raw file would tell which ones are judged."""
    known, place = np.unique(part.original, return_inverse=True)
    return part._replace(original=random.permutation(len(known))[place])


def write_train(public: Path, part: Part, seed: Seed) -> None:
    """Writes what there is to learn from."""
    public.mkdir(parents=True, exist_ok=True)
    part = renumber(part, seed.stream("numbers of train"))
    np.savez_compressed(
        public / "train.npz", images=part.images, labels=part.labels, original=part.original
    )


def write_practice(public: Path, part: Part, seed: Seed) -> None:
    """Writes the practice sample."""
    write_items(public / "practice.npz", renumber(part, seed.stream("numbers of practice")))


def write_items(path: Path, part: Part) -> None:
    """Writes a part in the form in which items are judged."""
    np.savez_compressed(path, input_images=part.images, target=part.labels, unit=part.original)
