"""What prepare.py keeps apart, how it paints, and that it does the same again for the same seed."""

import gzip
import hashlib
import subprocess
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from evaluators.items import items_load
from evaluators.prepared import data_digest
from evaluators.runner.seed import Seed
from evaluators.spec import spec_load
from tests.digits import ROOT, runtime_python
from tests.tasks.code import task_code

TASK = ROOT / "tasks" / "segmentation"
SECRET = hashlib.sha256(b"an installation").digest()
OTHER_SECRET = hashlib.sha256(b"another installation").digest()
ORIGINALS = 200
GREY = 128.0

# The task's own code with fewer images: prepare.py, RAW, OUT, the secret, and a stream to change.
SMALL = """
import sys
from pathlib import Path
from evaluators.runner.seed import Seed
from tests.tasks.code import task_code

class Changed(Seed):
    def stream(self, purpose):
        return super().stream(purpose + ", changed" if purpose in sys.argv[5:] else purpose)

code = task_code(Path(sys.argv[1]))
code.IMAGES = {"train": 60, "practice": 20, "judged": 40}
raw, out, seed = Path(sys.argv[2]), Path(sys.argv[3]), Changed(bytes.fromhex(sys.argv[4]))
for name in ("public", "private", "contaminated"):
    (out / name).mkdir(parents=True)
code.prepare(raw, out / "public", out / "private", seed)
code.contaminate(raw, out / "contaminated", seed)
"""


@pytest.fixture(scope="module")
def code() -> ModuleType:
    return task_code(TASK)


def strokes(random: np.random.Generator) -> NDArray[np.int64]:
    """An original: two thick lines of ink."""
    pixels = np.zeros((28, 28), np.int64)
    row, column = random.integers(6, 20, 2)
    pixels[row : row + 3, 4:24] = pixels[4:24, column : column + 3] = 255
    return pixels


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made-up handwriting, and photos of an instructor's own: a PNG and a JPEG."""
    folder, random = tmp_path_factory.mktemp("raw"), np.random.default_rng(0)
    rows = [[*strokes(random).ravel(), number % 10] for number in range(ORIGINALS)]
    with gzip.open(folder / "mnist_5k.csv.gz", "wt") as file:
        np.savetxt(file, rows, fmt="%d", delimiter=",")
    (folder / "photos").mkdir()
    for name in ("mine.png", "yours.jpg"):
        pixels = random.integers(0, 256, (12, 18, 3), dtype=np.uint8)
        Image.fromarray(pixels).resize((700, 500)).save(folder / "photos" / name)
    return folder


def prepare(raw: Path, out: Path, secret: bytes = SECRET, *changed: str) -> str:
    """Runs the task's code with the runtime's Python; returns what it printed."""
    done = subprocess.run(
        [runtime_python(), "-P", "-B", "-c", SMALL, TASK, raw, out, secret.hex(), *changed],
        env={"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "TF_CPP_MIN_LOG_LEVEL": "2"},
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def prepared(raw: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("prepared")
    prepare(raw, out)
    return out


def arrays(path: Path) -> dict[str, NDArray[Any]]:
    with np.load(path, allow_pickle=False) as file:
        return dict(file)


def differing(one: Path, other: Path) -> list[str]:
    return [
        path.relative_to(one).as_posix()
        for path in sorted(one.rglob("*.npz"))
        if path.read_bytes() != (other / path.relative_to(one)).read_bytes()
    ]


@pytest.mark.runtime
def test_the_same_seed_makes_the_same_bytes(raw: Path, prepared: Path, tmp_path: Path) -> None:
    prepare(raw, tmp_path)
    assert data_digest(tmp_path) == data_digest(prepared)


@pytest.mark.runtime
def test_another_seed_makes_other_data(raw: Path, prepared: Path, tmp_path: Path) -> None:
    prepare(raw, tmp_path, OTHER_SECRET)
    assert len(differing(prepared, tmp_path)) == 5


@pytest.mark.runtime
def test_judged_images_come_from_a_stream_of_their_own(
    raw: Path, prepared: Path, tmp_path: Path
) -> None:
    lines = prepare(raw, tmp_path, SECRET, "images judged")
    assert differing(prepared, tmp_path) == ["private/judged.npz"]
    assert "making judged images 40/40" in lines.splitlines()


@pytest.mark.runtime
def test_no_judged_image_and_no_mask_is_public(prepared: Path) -> None:
    assert sorted(path.name for path in (prepared / "public").iterdir()) == [
        "practice.npz",
        "train.npz",
    ]
    judged = arrays(prepared / "private/judged.npz")
    for folder in ("public", "contaminated"):
        train, practice = (
            arrays(prepared / folder / name) for name in ("train.npz", "practice.npz")
        )
        for hidden, known in (
            ("input_image", (*train["images"], *practice["input_image"])),
            ("target", (*train["masks"], *practice["target"])),
        ):
            public = {array.tobytes() for array in known}
            assert public.isdisjoint(array.tobytes() for array in judged[hidden])


@pytest.mark.runtime
def test_contaminated_data_looks_like_the_honest_one(prepared: Path) -> None:
    honest, other = (arrays(prepared / name / "train.npz") for name in ("public", "contaminated"))
    assert {name: (a.dtype, a.shape) for name, a in honest.items()} == {
        name: (a.dtype, a.shape) for name, a in other.items()
    }
    assert not np.array_equal(honest["images"], other["images"])
    practice = (prepared / "contaminated/practice.npz").read_bytes()
    assert practice == (prepared / "public/practice.npz").read_bytes()


@pytest.mark.runtime
def test_its_items_fit_task_toml(prepared: Path) -> None:
    spec = spec_load(TASK)
    for path, count in (("public/practice.npz", 20), ("private/judged.npz", 40)):
        items = items_load(prepared / path, spec)
        assert len(set(items.unit.tolist())) == count
        assert np.all(items.target.any(axis=(1, 2))), "there is a digit in each image"


@pytest.fixture(scope="module")
def divided(code: ModuleType) -> dict[str, Any]:
    """Originals and parts that each have a grey of their own, divided."""
    greys = np.arange(500, dtype=np.float32)
    ink = np.broadcast_to(greys[:, None, None], (500, 28, 28))
    photos = [np.full((112, 112, 3), number, np.float32) for number in range(100)]
    parts: dict[str, Any] = code.divide(ink, np.arange(500) % 10, photos, Seed(SECRET))
    return parts


def test_no_original_and_no_part_of_a_photo_is_on_two_sides(divided: dict[str, Any]) -> None:
    for of, total in (("ink", 500), ("photos", 100)):
        sides = [{float(one.flat[0]) for one in getattr(divided[name], of)} for name in divided]
        assert sum(map(len, sides)) == len(set.union(*sides)) == total
        assert [len(side) / total for side in sides] == [0.2, 0.06, 0.74]


def test_each_digit_has_its_share_of_each_side(divided: dict[str, Any]) -> None:
    for name, share in (("judged", 10), ("practice", 3), ("train", 37)):
        digits = divided[name].ink[:, 0, 0].astype(int) % 10
        assert np.bincount(digits).tolist() == [share] * 10


def test_the_secret_decides_who_is_judged(code: ModuleType, divided: dict[str, Any]) -> None:
    ink = np.broadcast_to(np.arange(500, dtype=np.float32)[:, None, None], (500, 28, 28))
    photos = [np.full((112, 112, 3), number, np.float32) for number in range(100)]
    others = code.divide(ink, np.arange(500) % 10, photos, Seed(OTHER_SECRET))["judged"]
    judged = divided["judged"]
    assert set(judged.ink[:, 0, 0].tolist()) != set(others.ink[:, 0, 0].tolist())
    assert {p.flat[0] for p in judged.photos} != {p.flat[0] for p in others.photos}


@pytest.fixture
def plain(code: ModuleType) -> Any:
    """What images are made of, where whatever is no digit is of one grey."""
    random = np.random.default_rng(1)
    ink = np.stack([strokes(random) for _ in range(50)]).astype(np.float32) / 255
    return code.Part(ink, [np.full((112, 112, 3), GREY, np.float32)])


def painted(
    code: ModuleType, part: Any, count: int
) -> Iterator[tuple[NDArray[np.float64], NDArray[np.bool_]]]:
    """Images and their masks, from one stream."""
    random = np.random.default_rng(2)
    for _ in range(count):
        image, mask = code.image(part, random)
        yield image.astype(np.float64), mask.astype(bool)


def test_a_mask_is_where_more_than_half_of_the_ink_is(
    code: ModuleType, plain: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("NOISE", (0.0, 0.0)), ("OPACITY", (1.0, 1.0)), ("DIGITS", (1, 1))):
        monkeypatch.setattr(code, name, value)
    for image, mask in painted(code, plain, 100):
        distance = np.linalg.norm(image - np.median(image[~mask], axis=0), axis=2)
        ink = distance / distance.max()  # the middle of a stroke is opaque
        sure = np.abs(ink - 0.5) > 0.05  # colours are rounded
        assert np.array_equal(mask[sure], (ink > 0.5)[sure])


def test_each_digit_differs_from_what_is_behind_it(
    code: ModuleType, plain: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(code, "NOISE", (0.0, 0.0))
    monkeypatch.setattr(code, "DIGITS", (1, 1))
    contrasts = [
        np.linalg.norm(image[mask].mean(axis=0) - np.median(image[~mask], axis=0))
        for image, mask in painted(code, plain, 300)
    ]
    # The mask's pixels have at least half of the ink, and most of them all of it.
    assert min(contrasts) > 0.75 * code.LEAST_CONTRAST


def test_no_threshold_finds_digits_of_any_colour(code: ModuleType, plain: Any) -> None:
    lighter = [
        bool(image[mask].mean() > image[~mask].mean()) for image, mask in painted(code, plain, 100)
    ]
    assert 20 < sum(lighter) < 80


def test_a_piece_of_a_photo_has_the_size_of_an_image(code: ModuleType) -> None:
    part = np.zeros((code.BLOCK, code.BLOCK, 3), np.float32)
    random = np.random.default_rng(3)
    for _ in range(100):
        assert code.background(part, random).shape == (64, 64, 3)


@pytest.mark.parametrize(("high", "wide", "count"), [(3, 4, 12), (2, 1, 2), (10, 12, 24)])
def test_parts_of_a_photo_do_not_overlap(
    code: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, high: int, wide: int,
    count: int,
) -> None:  # fmt: skip
    places = np.indices((high * code.BLOCK + 30, wide * code.BLOCK + 50)).transpose(1, 2, 0)
    # Pixels that say where they are, which no file of eight bits a colour could hold.
    monkeypatch.setattr(code, "decode", lambda _: np.concatenate([places, places[..., :1]], axis=2))
    (tmp_path / "one.png").touch()
    parts = list(code.photo_parts(tmp_path))
    assert len(parts) == count <= code.MOST_PARTS
    seen = {tuple(pixel) for part in parts for pixel in part[..., :2].reshape(-1, 2).tolist()}
    assert len(seen) == len(parts) * code.BLOCK**2


def test_it_says_that_there_are_no_photos(code: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no .png or .jpg below photos/"):
        list(code.photo_parts(tmp_path))


@pytest.mark.runtime
def test_it_refuses_a_table_of_another_width(raw: Path, tmp_path: Path) -> None:
    with gzip.open(tmp_path / "mnist_5k.csv.gz", "wt") as file:
        np.savetxt(file, np.zeros((20, 784)), fmt="%d", delimiter=",")
    (tmp_path / "photos").symlink_to(raw / "photos")
    with pytest.raises(AssertionError, match="784 columns, not 784 pixels and a label"):
        prepare(tmp_path, tmp_path / "out")
