"""Makes the data of the hidden digits: handwriting painted over photos, with its exact masks.

Handwriting and photos are public, so the judged images are made in secret ways: which originals and
which parts of the photos are judged, where the digits lie, how they are bent and coloured, follows
from the installation's secret seed. No original and no part of a photo is in more than one of
train, practice and judged.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import affine_transform, zoom

DIGITS_FILE = "mnist_5k.csv.gz"
PHOTOS_FOLDER = "photos"
# Those of the package that their authors gave to the public domain.
PHOTOS = (
    "astronaut.png", "brick.png", "camera.png", "cell.png", "chelsea.png", "coffee.png",
    "grass.png", "gravel.png", "hubble_deep_field.jpg", "retina.jpg", "rocket.jpg",
)  # fmt: skip

SIDE = 64
BLOCK = 112  # pixels of a part of a photo: large enough to cut many images from it
MOST_PARTS = 24  # of a photo, spread over it: a large one would be behind most digits
SHARES = {"judged": 0.2, "practice": 0.06}  # of the originals of each digit, and of the parts
IMAGES = {"train": 2400, "practice": 200, "judged": 1000}

DIGITS = (1, 3)  # in an image
HEIGHT = (20.0, 40.0)  # pixels of a digit's field of 28
ROTATION = np.deg2rad(30)
OPACITY = (0.65, 1.0)
INK = 0.5  # what is darker than this belongs to the mask
LEAST_CONTRAST = 60.0  # of a digit to what is behind it, in the 0..255 of three colours
NOISE = (0.0, 10.0)
TRIES = 30


class Seed(Protocol):
    """What `prepare` needs of the installation's seed."""

    def stream(self, purpose: str) -> np.random.Generator: ...


class Part(NamedTuple):
    """What images are made of: handwriting float32 [N, 28, 28], and parts of photos."""

    ink: NDArray[np.float32]
    photos: list[NDArray[np.float32]]


class Made(NamedTuple):
    """Images uint8 [N, 64, 64, 3] and masks uint8 [N, 64, 64]."""

    images: NDArray[np.uint8]
    masks: NDArray[np.uint8]


def prepare(raw: Path, public: Path, private: Path, seed: Seed) -> None:
    """Writes the training and practice data under `public`, the judged data under `private`."""
    parts = divide(*read(raw), seed)
    train = make("train", parts["train"], seed.stream("images of train"))
    np.savez_compressed(public / "train.npz", images=train.images, masks=train.masks)
    for name, folder in (("practice", public), ("judged", private)):
        write_items(folder / f"{name}.npz", make(name, parts[name], seed.stream(f"images {name}")))


def contaminate(raw: Path, public: Path, seed: Seed) -> None:
    """Writes public data whose training images hold judged handwriting and photos, too.

    Their digits lie elsewhere, bent and coloured in other ways, as the judged images are secret.
    """
    ink, labels, photos = read(raw)
    practice = divide(ink, labels, photos, seed)["practice"]
    everything = Part(ink, photos)
    train = make("train", everything, seed.stream("images of contaminated"))
    np.savez_compressed(public / "train.npz", images=train.images, masks=train.masks)
    write_items(public / "practice.npz", make("practice", practice, seed.stream("images practice")))


def read(raw: Path) -> tuple[NDArray[np.float32], NDArray[np.int64], list[NDArray[np.float32]]]:
    """Reads handwriting and its digits, and photos in parts.

    Returns:
        float32 [N, 28, 28] from 0 (paper) to 1 (ink), int64 [N], and parts float32
        [112, 112, 3] of 0..255.
    """
    rows = np.loadtxt(raw / DIGITS_FILE, delimiter=",", dtype=np.int16, ndmin=2)
    if rows.shape[1] != 28 * 28 + 1:
        raise ValueError(f"{DIGITS_FILE} has {rows.shape[1]} columns, not 784 pixels and a label")
    if rows[:, :-1].min() < 0 or rows[:, :-1].max() > 255:
        raise ValueError(f"{DIGITS_FILE}: grey values are 0 (paper) to 255 (ink)")
    ink = (rows[:, :-1] / np.float32(255)).reshape(-1, 28, 28).astype(np.float32)
    return ink, rows[:, -1].astype(np.int64), list(photo_parts(raw / PHOTOS_FOLDER))


def photo_parts(folder: Path) -> Iterator[NDArray[np.float32]]:
    """Cuts all photos below a folder into squares that don't overlap."""
    found = [path for path in sorted(folder.rglob("*")) if path.suffix in (".png", ".jpg")]
    own = [path for path in found if path.name in PHOTOS] or found
    if not own:
        raise ValueError(f"there is no .png or .jpg below {PHOTOS_FOLDER}/")
    for path in own:
        photo = decode(path)
        if min(photo.shape[:2]) < BLOCK:
            raise ValueError(
                f"{path.name} has {photo.shape[1]} by {photo.shape[0]} pixels; photos need at "
                f"least {BLOCK} by {BLOCK}, and several parts of that size to be divided"
            )
        corners = [
            (top, left)
            for top in range(0, photo.shape[0] - BLOCK + 1, BLOCK)
            for left in range(0, photo.shape[1] - BLOCK + 1, BLOCK)
        ]
        for top, left in corners[:: max(1, -(-len(corners) // MOST_PARTS))]:
            yield photo[top : top + BLOCK, left : left + BLOCK].astype(np.float32)


def decode(path: Path) -> NDArray[np.uint8]:
    """Decodes a PNG or JPEG: uint8 [H, W, 3]."""
    import tensorflow as tf  # the runtime's one decoder of images

    return np.asarray(tf.io.decode_image(path.read_bytes(), channels=3, expand_animations=False))


def divide(
    ink: NDArray[np.float32],
    labels: NDArray[np.int64],
    photos: list[NDArray[np.float32]],
    seed: Seed,
) -> dict[str, Part]:
    """Divides handwriting, evenly by digit, and parts of photos into judged, practice and train."""
    random = seed.stream("which originals are judged")
    rows: dict[str, list[int]] = {"judged": [], "practice": [], "train": []}
    for digit in np.unique(labels):
        for name, chosen in shared(random.permutation(np.flatnonzero(labels == digit))).items():
            rows[name] += chosen.tolist()
    order = seed.stream("which parts of photos are judged").permutation(len(photos))
    places = shared(order)
    return {name: Part(ink[rows[name]], [photos[place] for place in places[name]]) for name in rows}


def shared(order: NDArray[np.int64]) -> dict[str, NDArray[np.int64]]:
    """Cuts an order of chance into the shares of judged, practice and train."""
    judged, practice = (max(1, round(share * len(order))) for share in SHARES.values())
    parts = np.split(order, [judged, judged + practice])
    return dict(zip(("judged", "practice", "train"), parts, strict=True))


def make(name: str, part: Part, random: np.random.Generator) -> Made:
    """Makes as many images as a part of the data has."""
    count = IMAGES[name]
    images = np.empty((count, SIDE, SIDE, 3), np.uint8)
    masks = np.empty((count, SIDE, SIDE), np.uint8)
    for number in range(count):
        images[number], masks[number] = image(part, random)
        if (number + 1) % 500 == 0 or number + 1 == count:
            print(f"making {name} images {number + 1}/{count}", flush=True)
    return Made(images, masks)


def image(part: Part, random: np.random.Generator) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Paints one to three digits over a piece of a photo, apart from each other."""
    canvas = background(part.photos[random.integers(len(part.photos))], random)
    mask = np.zeros((SIDE, SIDE), bool)
    wanted = int(random.integers(DIGITS[0], DIGITS[1] + 1))
    painted = 0
    for _ in range(TRIES):
        if painted == wanted:
            break
        ink = placed(part.ink[random.integers(len(part.ink))], random)
        own = ink > INK
        if own.sum() < 20 or np.any(own & mask):
            continue
        colour = random.uniform(0, 255, 3)
        behind = canvas[own].mean(axis=0)
        opacity = random.uniform(*OPACITY)
        if np.linalg.norm(colour - behind) * opacity < LEAST_CONTRAST:
            continue
        alpha = (opacity * ink)[..., np.newaxis]
        canvas = (1 - alpha) * canvas + alpha * colour
        mask |= own
        painted += 1
    canvas = canvas + random.uniform(*NOISE) * random.standard_normal(canvas.shape)
    return np.rint(canvas.clip(0, 255)).astype(np.uint8), mask.astype(np.uint8)


def background(photo: NDArray[np.float32], random: np.random.Generator) -> NDArray[np.float32]:
    """A piece of a photo, turned, mirrored and in another light: float32 [64, 64, 3]."""
    side = int(random.integers(SIDE, BLOCK + 1))
    top, left = random.integers(0, BLOCK - side + 1, 2)
    piece = photo[top : top + side, left : left + side]
    piece = zoom(piece, (SIDE / side, SIDE / side, 1), order=1)
    piece = np.rot90(piece, int(random.integers(4)))
    piece = piece[:, ::-1] if random.random() < 0.5 else piece
    tint = random.uniform(0.7, 1.2, 3) * random.uniform(0.8, 1.1)
    return (piece * tint).clip(0, 255).astype(np.float32)


def placed(ink: NDArray[np.float32], random: np.random.Generator) -> NDArray[np.float32]:
    """Turns and stretches an original and lays it somewhere into a field of 64 by 64."""
    angle = random.uniform(-ROTATION, ROTATION)
    scale = random.uniform(*HEIGHT) / 28
    # From a point of the result back to the point of the original that it shows.
    matrix = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]) / scale
    centre = random.uniform(10, SIDE - 10, 2)
    offset = np.array([13.5, 13.5]) - matrix @ centre
    return affine_transform(ink, matrix, offset, output_shape=(SIDE, SIDE), order=1)


def write_items(path: Path, made: Made) -> None:
    """Writes images in the form in which they are judged; each is a unit of its own."""
    unit = np.arange(len(made.images))
    np.savez_compressed(path, input_image=made.images, target=made.masks, unit=unit)
