"""The crafted archives are what they claim: an honest reader takes the honest ones."""

import io
import zipfile
import zlib

from tests.evaluators.crafted_zip import Crafted, crafted_zip, overlapping_bomb


def test_an_honest_crafted_zip_is_a_zip() -> None:
    data = crafted_zip(Crafted(b"model.py", b"x = 1"), Crafted(b"w.bin", b"1" * 99, method=8))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert archive.read("w.bin") == b"1" * 99


def test_every_member_of_the_bomb_unpacks_the_whole_kernel() -> None:
    data = overlapping_bomb(files=5, kernel_size=100_000)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
    for entry in entries:
        start = entry.header_offset + 30 + len(entry.filename)
        packed = data[start : start + entry.compress_size]
        content = zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed)
        assert len(content) == entry.file_size >= 100_000
        assert zlib.crc32(content) == entry.CRC
    assert sum(entry.file_size for entry in entries) > 500 * len(data)
