"""Uploads of any bytes and any names: an artifact or a refusal, little memory, nothing left behind.

What comes out is a plain tree below its folder, never larger than the limit.
"""

import contextlib
import io
import os
import stat
import struct
import tempfile
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st

from evaluators.artifact import MEGABYTE, artifact_unpack
from evaluators.errors import SubmissionError
from evaluators.verdicts import Verdict
from tests.evaluators.crafted_zip import Crafted, crafted_zip, end_record

LIMIT_MB = 1
MEMORY_BYTES = 8 * MEGABYTE
CODE = b"class Model: ...\n" * 40
NAMES = st.sampled_from(
    [
        b"model.py", b"a/model.py", b"a/", b"a", b"a/b/weights.npy", b"../x", b"/x", b"a//b", b"./",
        b"MODEL.PY", "e\u0301.py".encode(), "\u00e9.py".encode(), b"\xff\xfe.py", b"model.pt",
        b"n" * 300, b"a/" * 40 + b"b", b"__MACOSX/._model.py", b"con.py", b"a\x00b.py", b"C:x",
    ]
)  # fmt: skip


@contextmanager
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def unpacked(upload: Path, place: Path, filename: str = "model.zip") -> None:
    """Unpacks it: what comes out is sane, and what is refused leaves nothing."""
    into = place / "tree"
    beside = {path for path in place.iterdir() if path != into}
    tracemalloc.start()
    try:
        artifact = artifact_unpack(upload, into, filename=filename, limit_mb=LIMIT_MB)
    except SubmissionError as error:
        assert error.message.verdict is Verdict.INVALID_ARTIFACT
        assert len((error.message.text + error.message.help).encode()) < 4000
        assert not into.exists()
    else:
        files = [path for path in into.rglob("*") if not path.is_dir()]
        for path in into.rglob("*"):
            kind = path.lstat()
            assert stat.S_ISDIR(kind.st_mode) or stat.S_ISREG(kind.st_mode)
            assert path.resolve().is_relative_to(into.resolve())
        assert artifact.files == len(files) and artifact.entry
        assert artifact.size == sum(path.stat().st_size for path in files) <= LIMIT_MB * MEGABYTE
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < MEMORY_BYTES
    assert {path for path in place.iterdir() if path != into} == beside


def zipped(data: bytes) -> None:
    with folder() as place:
        upload = place / "upload"
        upload.write_bytes(data)
        unpacked(upload, place)


def honest(method: int, *, streamed: bool = False) -> bytes:
    file = io.BytesIO()
    target: io.BytesIO | _Stream = _Stream(file) if streamed else file
    with zipfile.ZipFile(target, "w", method) as archive:  # type: ignore[call-overload]
        archive.writestr("model.py", CODE)
        archive.writestr("weights/é.bin", bytes(range(256)) * 8)
        archive.comment = b"a comment"
    return file.getvalue()


class _Stream:
    """A file that can't seek: sizes come behind the data, in a descriptor."""

    def __init__(self, file: io.BytesIO) -> None:
        self._file = file

    def write(self, data: bytes) -> int:
        return self._file.write(data)

    def flush(self) -> None:
        """Nothing waits."""


HONEST = [
    honest(zipfile.ZIP_STORED),
    honest(zipfile.ZIP_DEFLATED),
    honest(zipfile.ZIP_DEFLATED, streamed=True),
    crafted_zip(Crafted(b"model.py", CODE, method=8), Crafted(b"a/", b"", mode=0o040755)),
]
AT = st.integers(0, 1 << 30)
NUMBERS = st.sampled_from([0, 1, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFE, 0xFFFFFFFF, 2**63])


def flip(data: bytes, at: int, by: int) -> bytes:
    at %= len(data)
    return data[:at] + bytes([data[at] ^ (by % 255 + 1)]) + data[at + 1 :]


def cut(data: bytes, at: int, by: int) -> bytes:
    at %= len(data)
    return data[:at] + data[at + by % 40 :]


def repeat(data: bytes, at: int, by: int) -> bytes:
    at %= len(data)
    return data[:at] + data[max(0, at - by % 200) : at] + data[at:]


def end(data: bytes, at: int, by: int) -> bytes:
    return data[: at % len(data)]


def number(data: bytes, at: int, by: int) -> bytes:
    """Puts a number of a bad kind in the place of four bytes."""
    at %= len(data)
    value = (0, 1, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF)[by % 6]
    return data[:at] + struct.pack("<I", value) + data[at + 4 :]


CHANGES: list[Callable[[bytes, int, int], bytes]] = [flip, cut, repeat, end, number]


@given(
    st.sampled_from(HONEST),
    st.lists(st.tuples(st.sampled_from(CHANGES), AT, AT), min_size=1, max_size=4),
)
def test_archives_that_are_damaged_anywhere(
    data: bytes, changes: list[tuple[Callable[[bytes, int, int], bytes], int, int]]
) -> None:
    for change, at, by in changes:
        data = change(data, at, by) or b"x"
    zipped(data)


@given(st.sampled_from(HONEST), st.integers(0, 60), st.integers(0, 255))
def test_archives_whose_directory_is_damaged(data: bytes, back: int, value: int) -> None:
    """The last bytes decide where everything is."""
    at = len(data) - 1 - back
    zipped(data[:at] + bytes([value]) + data[at + 1 :])


OPTIONAL = st.none() | NUMBERS.filter(lambda value: value < 2**32)
MEMBERS = st.builds(
    Crafted,
    name=NAMES,
    data=st.sampled_from([b"", CODE, b"\x00" * 200_000]),
    method=st.sampled_from([0, 8, 8, 12, 14, 99, 0xFFFF]),
    mode=st.sampled_from([0o100644, 0, 0o120777, 0o040755, 0o010644, 0o060644, 0o140644]),
    flags=st.sampled_from([0x800, 0, 0x1, 0x8, 0x20, 0x40, 0x2000, 0x808]),
    stated_size=OPTIONAL,
    stated_compressed=OPTIONAL,
    crc=OPTIONAL,
    local_name=st.none() | NAMES,
    offset=OPTIONAL,
    raw=st.none() | st.binary(max_size=40),
)


@given(st.lists(MEMBERS, min_size=1, max_size=4))
def test_archives_whose_headers_say_anything(members: list[Crafted]) -> None:
    zipped(crafted_zip(*members))


@given(st.binary(max_size=120), st.tuples(*[st.integers(0, 2**31)] * 3))
@example(b"PK\x03\x04", (65535, 2**31, 2**31))
@example(b"PK\x06\x06" + b"\xff" * 52 + b"PK\x06\x07" + b"\xff" * 16, (65535, 2**31, 2**31))
def test_an_end_that_points_anywhere(data: bytes, numbers: tuple[int, int, int]) -> None:
    count, size, offset = numbers
    zipped(data + end_record(count % 65536, size, offset))


@given(st.binary(min_size=1, max_size=300), NAMES.map(lambda name: name.decode("latin-1")))
def test_single_files_of_any_name(data: bytes, name: str) -> None:
    for filename in (name, f"{name}.pt", f"{name}.keras", f"{name}.zip", "model.py"):
        with folder() as place:
            upload = place / "upload"
            upload.write_bytes(data)
            unpacked(upload, place, filename)


KINDS = ("file", "file", "folder", "link", "hard link", "pipe", "sparse")
PARTS = st.sampled_from(
    [b"model.py", b"a", b"b", b"A", b"\xff", b"x\ny", b"w.pt", b"._a", b"\xe2\x80\xae", b"n" * 250]
)


@given(st.lists(st.tuples(st.lists(PARTS, min_size=1, max_size=3), st.sampled_from(KINDS))))
def test_folders_with_anything_in_them(entries: list[tuple[list[bytes], str]]) -> None:
    with folder() as place:
        root = place / "upload"
        root.mkdir()
        outside = place / "secret"
        outside.write_bytes(b"a secret")
        for parts, kind in entries:
            _make(root.joinpath(*map(os.fsdecode, parts)), kind, outside)
        unpacked(root, place, "folder")
        tree = place / "tree"
        assert not any(b"secret" in path.read_bytes() for path in tree.rglob("*") if path.is_file())


def _make(path: Path, kind: str, outside: Path) -> None:
    """Makes an entry, as far as what is there already lets it."""
    # What is there may be a file where a folder is wanted, or the other way round.
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        match kind:
            case "folder":
                path.mkdir()
            case "link":
                path.symlink_to(outside)
            case "hard link":
                path.hardlink_to(outside)
            case "pipe":
                os.mkfifo(path)
            case _:
                with path.open("xb") as file:
                    file.write(CODE)
                    if kind == "sparse":
                        file.truncate(2 * MEGABYTE)
