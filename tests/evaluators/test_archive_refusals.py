"""Archives made to harm, or damaged: each is refused with its reason, and leaves nothing."""

import io
import stat
import tracemalloc
import unicodedata
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evaluators.artifact import Artifact, artifact_unpack
from evaluators.errors import SubmissionError
from evaluators.messages import Message
from evaluators.verdicts import Verdict
from tests.evaluators.crafted_zip import (
    Crafted,
    crafted_zip,
    deflate,
    end_record,
    overlapping_bomb,
)

MODEL = Crafted(b"model.py", b"class Model: ...")
CONTENT = b"0123456789" * 10


def refusal(tmp_path: Path, data: bytes, *, limit_mb: int = 5) -> Message:
    """Unpacks a zip that must be refused without a trace."""
    upload, into = tmp_path / "upload", tmp_path / "tree"
    upload.write_bytes(data)
    with pytest.raises(SubmissionError) as caught:
        artifact_unpack(upload, into, filename="model.zip", limit_mb=limit_mb)
    assert [path.name for path in tmp_path.iterdir()] == ["upload"]
    assert caught.value.message.verdict is Verdict.INVALID_ARTIFACT
    return caught.value.message


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        (b"../model.py", "climbs"),
        (b"a/../../model.py", "climbs"),
        (b"a/..", "climbs"),
        (b"/model.py", "absolute"),
        (b"//host/share/model.py", "absolute"),
        (b"a\\model.py", "backslash"),
        (b"..\\model.py", "backslash"),
        (b"C:model.py", "drive"),
        (b"C:/model.py", "drive"),
        (b"a/c:/model.py", "drive"),
        (b"model.py\x00.txt", "control"),
        (b"model\n.py", "control"),
        (b"model\x7f.py", "control"),
        (b"model\xc2\x85.py", "control"),
        (b"a//model.py", "empty"),
        (b"", "empty"),
        (b".", "empty"),
        (b"a" * 256, "255 bytes"),
        ("é".encode() * 128, "255 bytes"),
        (b"/".join([b"a" * 200] * 6), "1000 in all"),
        (b"a/" * 32 + b"model.py", "32 folders"),
    ],
)
def test_it_refuses_an_unsafe_name(tmp_path: Path, name: bytes, reason: str) -> None:
    message = refusal(tmp_path, crafted_zip(MODEL, Crafted(name, b"x")))
    assert message.code == "unsafe_path"
    assert reason in message.text


def test_it_refuses_a_folder_that_climbs(tmp_path: Path) -> None:
    climbing = Crafted(b"../up/", mode=stat.S_IFDIR | 0o755)
    assert refusal(tmp_path, crafted_zip(MODEL, climbing)).code == "unsafe_path"


def test_it_refuses_an_unsafe_name_even_in_junk(tmp_path: Path) -> None:
    junk = Crafted(b"__MACOSX/../../x", b"x")
    assert refusal(tmp_path, crafted_zip(MODEL, junk)).code == "unsafe_path"


def test_it_refuses_a_control_character_in_utf8_without_its_flag(tmp_path: Path) -> None:
    hidden = Crafted("w\u0085.bin".encode(), b"x", flags=0)
    assert refusal(tmp_path, crafted_zip(MODEL, hidden)).code == "unsafe_path"


def test_it_refuses_a_name_that_is_not_utf8(tmp_path: Path) -> None:
    message = refusal(tmp_path, crafted_zip(MODEL, Crafted(b"\xff\xfe", b"x")))
    assert message.code == "broken_archive"


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        (stat.S_IFLNK, "symbolic link"),
        (stat.S_IFIFO, "pipe"),
        (stat.S_IFSOCK, "socket"),
        (stat.S_IFCHR, "device"),
        (stat.S_IFBLK, "device"),
        (0o170000, "special file"),
    ],
)
def test_it_refuses_a_special_file(tmp_path: Path, kind: int, word: str) -> None:
    special = Crafted(b"weights.bin", b"/etc/passwd", mode=kind | 0o777)
    message = refusal(tmp_path, crafted_zip(MODEL, special))
    assert message.code == "special_file"
    assert word in message.text
    assert "weights.bin" in message.text


@pytest.mark.parametrize(
    "names",
    [
        (b"a.bin", b"a.bin"),
        (b"a.bin", b"./a.bin"),
        (b"Weights.bin", b"weights.bin"),
        (b"Data/a.bin", b"data/b.bin"),
        ("straße".encode(), b"STRASSE"),
        (
            unicodedata.normalize("NFC", "ü.bin").encode(),
            unicodedata.normalize("NFD", "ü.bin").encode(),
        ),
        (
            unicodedata.normalize("NFC", "Ü.bin").encode(),
            unicodedata.normalize("NFD", "ü.bin").encode(),
        ),
        (b"a", b"a/b.bin"),
        (b"a/b.bin", b"a"),
        (b"a/", b"a"),
        (b"a", b"a/"),
    ],
)
def test_it_refuses_names_that_clash(tmp_path: Path, names: tuple[bytes, bytes]) -> None:
    data = crafted_zip(
        MODEL, *(Crafted(name, b"" if name[-1:] == b"/" else b"x") for name in names)
    )
    assert refusal(tmp_path, data).code == "duplicate_name"


def test_it_refuses_a_folder_with_content(tmp_path: Path) -> None:
    assert refusal(tmp_path, crafted_zip(MODEL, Crafted(b"a/", b"x"))).code == "broken_archive"


def test_it_refuses_a_folder_that_is_named_like_a_file(tmp_path: Path) -> None:
    folder = Crafted(b"a", mode=stat.S_IFDIR | 0o755)
    assert refusal(tmp_path, crafted_zip(MODEL, folder)).code == "broken_archive"


def test_it_refuses_more_than_a_thousand_members(tmp_path: Path) -> None:
    data = crafted_zip(MODEL, *(Crafted(f"{n}".encode()) for n in range(1000)))
    assert refusal(tmp_path, data).code == "too_many_members"


def test_it_counts_folders_that_are_only_implied(tmp_path: Path) -> None:
    data = crafted_zip(MODEL, *(Crafted(f"{n}/a/b/w.bin".encode()) for n in range(300)))
    assert refusal(tmp_path, data).code == "too_many_members"


def test_it_refuses_a_hundred_thousand_members_without_listing_them(tmp_path: Path) -> None:
    data = crafted_zip(MODEL, *(Crafted(b"%06d" % n) for n in range(100_000)))
    tracemalloc.start()
    try:
        assert refusal(tmp_path, data, limit_mb=50).code == "too_many_members"
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 4 * 1024 * 1024


def test_it_believes_no_count_of_members(tmp_path: Path) -> None:
    members = [MODEL, *(Crafted(f"{n}".encode()) for n in range(1500))]
    whole = crafted_zip(*members)
    size, offset = int.from_bytes(whole[-10:-6], "little"), int.from_bytes(whole[-6:-2], "little")
    data = whole[:-22] + end_record(1, size, offset)
    assert refusal(tmp_path, data).code == "too_many_members"


def test_it_refuses_twenty_times_expansion(tmp_path: Path) -> None:
    data = crafted_zip(MODEL, Crafted(b"zeros.bin", bytes(3_000_000), method=8))
    assert refusal(tmp_path, data).code == "expands_too_much"


def test_it_refuses_more_than_the_limit_unpacked(tmp_path: Path) -> None:
    content = bytes(range(256)) * 5000
    data = crafted_zip(MODEL, *(Crafted(b"%d" % n, content, method=8) for n in range(2)))
    message = refusal(tmp_path, data, limit_mb=1)
    assert message.code == "unpacks_too_large"
    assert "1 MB" in message.text


def test_it_refuses_an_upload_over_the_limit(tmp_path: Path) -> None:
    message = refusal(tmp_path, crafted_zip(MODEL, Crafted(b"w", bytes(1_100_000))), limit_mb=1)
    assert message.code == "upload_too_large"


@pytest.mark.parametrize("stated", [0, 100, 2_999_999, 3_000_001])
def test_it_refuses_a_header_that_lies_about_the_size(tmp_path: Path, stated: int) -> None:
    # Half of it can't be packed, so that the size is the only thing wrong.
    content = bytes(2_700_000) + bytes(range(251)) * 1195 + bytes(55)
    lying = Crafted(b"w.bin", content, method=8, stated_size=stated)
    filler = Crafted(b"filler.bin", bytes(300_000))
    message = refusal(tmp_path, crafted_zip(MODEL, lying, filler))
    assert message.code == "broken_archive"
    assert "another size" in message.text


def test_a_lying_header_does_not_get_its_bytes_onto_the_disk(tmp_path: Path) -> None:
    lying = Crafted(b"w.bin", bytes(50_000_000), method=8, stated_size=10)
    tracemalloc.start()
    try:
        assert refusal(tmp_path, crafted_zip(MODEL, lying)).code == "broken_archive"
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 4 * 1024 * 1024


def test_it_refuses_a_stored_member_with_two_sizes(tmp_path: Path) -> None:
    lying = Crafted(b"w.bin", b"12345678", stated_size=4)
    assert refusal(tmp_path, crafted_zip(MODEL, lying)).code == "broken_archive"


def test_it_refuses_a_wrong_checksum(tmp_path: Path) -> None:
    message = refusal(tmp_path, crafted_zip(MODEL, Crafted(b"w.bin", b"x", crc=1)))
    assert message.code == "broken_archive"
    assert "checksum" in message.text


def test_it_refuses_damaged_deflate(tmp_path: Path) -> None:
    damaged = Crafted(b"w.bin", b"x" * 99, method=8, raw=b"\xff" * 40)
    message = refusal(tmp_path, crafted_zip(MODEL, damaged))
    assert message.code == "broken_archive"
    assert "damaged" in message.text


@pytest.mark.parametrize(
    ("raw", "word"),
    [(deflate(CONTENT) + b"hidden", "after its end"), (deflate(CONTENT)[:-3], "ends early")],
)
def test_it_refuses_deflate_of_another_length(tmp_path: Path, raw: bytes, word: str) -> None:
    member = Crafted(b"w.bin", CONTENT, method=8, raw=raw)
    message = refusal(tmp_path, crafted_zip(MODEL, member))
    assert message.code == "broken_archive"
    assert word in message.text


@pytest.mark.parametrize("flag", [0x1, 0x41, 0x2001])
def test_it_refuses_encryption(tmp_path: Path, flag: int) -> None:
    message = refusal(tmp_path, crafted_zip(MODEL, Crafted(b"w.bin", b"x" * 20, flags=flag)))
    assert message.code == "encrypted_archive"


def test_it_refuses_aes_encryption(tmp_path: Path) -> None:
    message = refusal(tmp_path, crafted_zip(MODEL, Crafted(b"w.bin", b"x" * 20, method=99)))
    assert message.code == "encrypted_archive"


@pytest.mark.parametrize(
    ("method", "word"), [(1, "method 1"), (9, "deflate64"), (12, "bzip2"), (14, "LZMA")]
)
def test_it_refuses_other_compression(tmp_path: Path, method: int, word: str) -> None:
    message = refusal(tmp_path, crafted_zip(MODEL, Crafted(b"w.bin", b"x" * 20, method=method)))
    assert message.code == "unsupported_compression"
    assert word in message.text


def test_it_refuses_a_bomb_of_overlapping_members(tmp_path: Path) -> None:
    data = overlapping_bomb(files=200, kernel_size=1_000_000)
    message = refusal(tmp_path, data, limit_mb=1000)
    assert message.code == "broken_archive"
    assert "overlap" in message.text


def test_it_refuses_two_members_at_one_place(tmp_path: Path) -> None:
    again = Crafted(b"b.bin", bytes(1000), offset=0, local_name=b"")
    data = crafted_zip(Crafted(b"a.bin", bytes(1000)), again)
    assert refusal(tmp_path, data).code == "broken_archive"


def test_it_refuses_a_member_that_reaches_into_the_listing(tmp_path: Path) -> None:
    long = Crafted(b"w.bin", b"x", stated_compressed=60, stated_size=60)
    message = refusal(tmp_path, crafted_zip(MODEL, long))
    assert message.code == "broken_archive"
    assert "overlap" in message.text


def test_it_refuses_two_names_for_one_member(tmp_path: Path) -> None:
    message = refusal(tmp_path, crafted_zip(MODEL, Crafted(b"w.bin", b"x", local_name=b"v.bin")))
    assert message.code == "broken_archive"
    assert "disagree" in message.text


@pytest.mark.parametrize("offset", [7, 10**6, 0xFFFFFFFE])
def test_it_refuses_an_offset_to_nowhere(tmp_path: Path, offset: int) -> None:
    data = crafted_zip(MODEL, Crafted(b"w.bin", b"x", offset=offset))
    assert refusal(tmp_path, data).code == "broken_archive"


@pytest.mark.parametrize(
    ("size", "offset"), [(0xFFFFFFF0, 0), (46, 0xFFFFFFF0), (0xFFFFFFFF, 0xFFFFFFFF), (10, 10)]
)
def test_it_refuses_a_listing_to_nowhere(tmp_path: Path, size: int, offset: int) -> None:
    data = crafted_zip(MODEL)[:-22] + end_record(1, size, offset)
    assert refusal(tmp_path, data).code in ("broken_archive", "too_many_members")


@pytest.mark.parametrize("tenth", range(1, 10))
def test_it_refuses_a_truncated_archive(tmp_path: Path, tenth: int) -> None:
    whole = crafted_zip(MODEL, Crafted(b"w.bin", bytes(range(256)) * 100, method=8))
    assert refusal(tmp_path, whole[: len(whole) * tenth // 10]).code == "broken_archive"


@pytest.mark.parametrize("data", [b"PK\x03\x04", b"not a zip", b"PK\x05\x06" + bytes(10)])
def test_it_refuses_garbage(tmp_path: Path, data: bytes) -> None:
    assert refusal(tmp_path, data).code == "broken_archive"


def test_it_refuses_an_empty_upload(tmp_path: Path) -> None:
    assert refusal(tmp_path, b"").code == "empty_upload"


def test_it_refuses_an_empty_archive(tmp_path: Path) -> None:
    assert refusal(tmp_path, crafted_zip()).code == "empty_upload"


def zip_of_three() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("model.py", "class Model: ...\n" * 20)
        archive.writestr("sub/w.bin", bytes(range(256)) * 4)
        archive.writestr("sub/empty", b"")
    return file.getvalue()


THREE = zip_of_three()


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    edits=st.lists(
        st.tuples(st.integers(0, len(THREE) - 1), st.integers(0, 255)), min_size=1, max_size=8
    ),
    cut=st.integers(0, 40),
)
def test_no_damage_raises_anything_but_a_refusal(
    tmp_path_factory: pytest.TempPathFactory, edits: list[tuple[int, int]], cut: int
) -> None:
    folder = tmp_path_factory.mktemp("fuzz")
    data = bytearray(THREE)
    for position, value in edits:
        data[position] = value
    (folder / "upload").write_bytes(bytes(data)[: len(data) - cut])
    try:
        artifact = artifact_unpack(folder / "upload", folder / "tree", filename="x.zip", limit_mb=1)
    except SubmissionError as error:
        assert error.message.verdict is Verdict.INVALID_ARTIFACT
        assert not (folder / "tree").exists()
    else:
        assert isinstance(artifact, Artifact)
