"""Archives made to harm whoever unpacks them; all are refused before anything runs."""

import io
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable

from evaluators.verdicts import Verdict
from tests.attacks.attack import Attack, Upload
from tests.evaluators.crafted_zip import (
    Crafted,
    crafted_zip,
    deflate,
    end_record,
    overlapping_bomb,
)

_INVALID = frozenset({Verdict.INVALID_ARTIFACT})
_MEGABYTE = 2**20


def _with(*members: Crafted) -> Callable[[bytes], bytes]:
    """A good model, and these beside it."""
    return lambda model: crafted_zip(Crafted(b"model.py", model), *members)


def _named(name: bytes) -> Callable[[bytes], bytes]:
    return _with(Crafted(name, b"x"))


def _pair(first: bytes, second: bytes) -> Callable[[bytes], bytes]:
    return _with(Crafted(first, b"x"), Crafted(second, b"x"))


def _special(kind: int, target: bytes = b"/etc/passwd") -> Callable[[bytes], bytes]:
    return _with(Crafted(b"weights.bin", target, mode=kind | 0o777))


def _nested(model: bytes) -> bytes:
    """Zips in zips, as "42.zip" is: only the outermost is unpacked, and is none by then."""
    data = deflate(bytes(50 * _MEGABYTE))
    for _ in range(5):
        data = crafted_zip(*(Crafted(b"%d.zip" % n, data, method=8) for n in range(10)))
    return crafted_zip(Crafted(b"lib.zip", data))


def _listing_lies(size: int, offset: int, count: int = 1) -> Callable[[bytes], bytes]:
    def build(model: bytes) -> bytes:
        return crafted_zip(Crafted(b"model.py", model))[:-22] + end_record(count, size, offset)

    return build


def _zip64(size: int, offset: int) -> Callable[[bytes], bytes]:
    """An end record of version 64 that says where the listing is."""

    def build(model: bytes) -> bytes:
        body = crafted_zip(Crafted(b"model.py", model))[:-22]
        record = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, 1, 1, size, offset)
        locator = struct.pack("<4sLQL", b"PK\6\7", 0, len(body), 1)
        return body + record + locator + end_record(0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF)

    return build


def _between(model: bytes) -> bytes:
    """Data between members and listing, which no listing tells of, and a second end record."""
    whole = crafted_zip(Crafted(b"model.py", model))
    return whole + b"PK\5\6" + bytes(18)


def _polyglot(model: bytes) -> bytes:
    """A program in front of a zip; its offsets are those of the zip alone."""
    return b"#!/bin/sh\nrm -rf /\n" * 100 + crafted_zip(Crafted(b"../model.py", model))


def _count(number: int) -> Callable[[bytes], bytes]:
    return _with(*(Crafted(b"%06d" % n) for n in range(number)))


def _wrong_order(model: bytes) -> bytes:
    """Two listings: the first names a good file, the last, which counts, a bad one."""
    return crafted_zip(Crafted(b"model.py", model)) + crafted_zip(Crafted(b"../../model.py", model))


_ZEROS = bytes(50 * _MEGABYTE)
_PACKED_ZEROS = deflate(_ZEROS)

_ARCHIVES: dict[str, tuple[str, Callable[[bytes], bytes], str]] = {
    "bomb": ("50 MB of zeros", _with(Crafted(b"w.bin", _ZEROS, method=8)), "unpacks_too_large|expands_too_much"),
    "bomb_of_many": ("many files of zeros", _with(*(Crafted(b"%d" % n, bytes(300_000), method=8) for n in range(15))), "expands_too_much"),
    "bomb_nested": ("zips in zips", _nested, "no_model|expands_too_much|unpacks_too_large"),
    "bomb_overlapping": ("members that share their data", lambda model: overlapping_bomb(files=200, kernel_size=_MEGABYTE), "broken_archive|unpacks_too_large"),
    "bomb_small_size_stated": ("50 MB that call themselves 10 bytes", _with(Crafted(b"w.bin", raw=_PACKED_ZEROS, method=8, stated_size=10, crc=zlib.crc32(_ZEROS))), "broken_archive"),
    "bomb_no_size_stated": ("50 MB that call themselves nothing", _with(Crafted(b"w.bin", raw=_PACKED_ZEROS, method=8, stated_size=0)), "broken_archive"),
    "bomb_huge_size_stated": ("a byte that calls itself 4 GB", _with(Crafted(b"w.bin", b"x", stated_size=0xFFFFFFF0)), "unpacks_too_large"),
    "size_above": ("more stated than there is", _with(Crafted(b"w.bin", b"x" * 9, method=8, stated_size=10)), "broken_archive"),
    "size_below": ("less stated than there is", _with(Crafted(b"w.bin", b"x" * 11, method=8, stated_size=10)), "broken_archive"),
    "packed_size_above": ("a member that reaches into the listing", _with(Crafted(b"w.bin", b"x", stated_compressed=60, stated_size=60)), "broken_archive"),
    "checksum": ("another checksum", _with(Crafted(b"w.bin", b"x", crc=1)), "broken_archive"),
    "damaged": ("data that can't be unpacked", _with(Crafted(b"w.bin", b"x", method=8, raw=b"\xff" * 40)), "broken_archive"),
    "hidden_data": ("data behind a member's end", _with(Crafted(b"w.bin", b"x", method=8, raw=deflate(b"x") + b"hidden")), "broken_archive"),
    "climbs": ("a name that climbs", _named(b"../../../../tmp/springboard-slip"), "unsafe_path"),
    "climbs_inside": ("a name that climbs in its middle", _named(b"a/../../springboard-slip"), "unsafe_path"),
    "climbs_by_backslash": ("a name that climbs by backslashes", _named(b"..\\..\\springboard-slip"), "unsafe_path"),
    "climbs_in_junk": ("a name that climbs among junk", _named(b"__MACOSX/../../springboard-slip"), "unsafe_path"),
    "climbs_as_folder": ("a folder that climbs", _with(Crafted(b"../up/", mode=stat.S_IFDIR | 0o755)), "unsafe_path"),
    "absolute": ("an absolute name", _named(b"/tmp/springboard-slip"), "unsafe_path"),
    "network_path": ("a share on the network", _named(b"//host/share/model.py"), "unsafe_path"),
    "drive": ("a drive", _named(b"C:/model.py"), "unsafe_path"),
    "null_in_name": ("a name that ends early", _named(b"model.py\0.txt"), "unsafe_path"),
    "escape_in_name": ("a name that drives a terminal", _named(b"\x1b[2Jmodel.bin"), "unsafe_path"),
    "line_in_name": ("a name with a line break", _named(b"a\nb"), "unsafe_path"),
    "empty_name": ("no name", _named(b""), "unsafe_path"),
    "dot_name": ("the folder itself as a file", _named(b"."), "unsafe_path"),
    "name_4_kb": ("a name of 4 kB", _named(b"a" * 4096), "unsafe_path"),
    "path_4_kb": ("a path of 4 kB", _named(b"/".join([b"a" * 200] * 20)), "unsafe_path"),
    "name_64_kb": ("the longest name that a zip can hold", _named(b"a" * 65_535), "unsafe_path"),
    "deep": ("a thousand folders deep", _named(b"a/" * 1000 + b"x"), "unsafe_path"),
    "not_utf8": ("a name that is no text", _named(b"\xff\xfe"), "broken_archive"),
    "surrogate": ("a name of half a character", _named(b"\xed\xa0\x80"), "broken_archive"),
    "case": ("names that differ in case", _pair(b"Weights.bin", b"weights.bin"), "duplicate_name"),
    "case_beyond_ascii": ("names that differ in case beyond ASCII", _pair("straße".encode(), b"STRASSE"), "duplicate_name"),
    "composed": ("names that differ in composition", _pair(unicodedata.normalize("NFC", "ü").encode(), unicodedata.normalize("NFD", "ü").encode()), "duplicate_name"),
    "composed_model": ("a second model.py by a name that folds to it", _pair(b"MODEL.py", b"x"), "duplicate_name"),
    "duplicate": ("one name twice", _pair(b"a.bin", b"a.bin"), "duplicate_name"),
    "duplicate_by_dot": ("one name twice, once with a dot", _pair(b"a.bin", b"./a.bin"), "duplicate_name"),
    "duplicate_model": ("two files model.py", _named(b"model.py"), "duplicate_name"),
    "file_and_folder": ("a file that is a folder, too", _pair(b"a", b"a/b"), "duplicate_name"),
    "link": ("a symbolic link to the host", _special(stat.S_IFLNK), "special_file"),
    "link_to_labels": ("a symbolic link to hidden data", _special(stat.S_IFLNK, b"../../private/judged.npz"), "special_file"),
    "device": ("a device", _special(stat.S_IFBLK), "special_file"),
    "terminal": ("a terminal", _special(stat.S_IFCHR), "special_file"),
    "fifo": ("a pipe", _special(stat.S_IFIFO), "special_file"),
    "socket": ("a socket", _special(stat.S_IFSOCK), "special_file"),
    "kind_of_nothing": ("a kind of file that no system has", _special(0o170000), "special_file"),
    "folder_with_content": ("a folder with content", _named(b"a/"), "broken_archive"),
    "members_100000": ("100,000 members", _count(100_000), "too_many_members"),
    "members_1001": ("one member too many", _count(1_000), "too_many_members"),
    "members_implied": ("folders that are only implied", _with(*(Crafted(b"%d/a/b/w" % n) for n in range(300))), "too_many_members"),
    "count_lies": ("a count of members that is too small", lambda model: crafted_zip(*(Crafted(b"%d" % n) for n in range(1500)))[:-22] + end_record(1, 78_000, 52_000), "broken_archive|too_many_members"),
    "listing_huge": ("a listing of 4 GB", _listing_lies(0xFFFFFFF0, 0), "broken_archive|too_many_members"),
    "listing_nowhere": ("a listing behind the end", _listing_lies(46, 0xFFFFFFF0), "broken_archive|too_many_members"),
    "listing_before": ("a listing before the beginning", _listing_lies(10, 10), "broken_archive"),
    "zip64_huge": ("a listing of 16 exabytes", _zip64(2**63, 0), "broken_archive|too_many_members"),
    "zip64_nowhere": ("a listing at an exabyte", _zip64(54, 2**60), "broken_archive|too_many_members"),
    "zip64_member": ("a member whose size is in a field that it does not have", _with(Crafted(b"w.bin", b"x", stated_size=0xFFFFFFFF, stated_compressed=0xFFFFFFFF)), "broken_archive|unpacks_too_large"),
    "two_names": ("a name in the listing, another at the member", _with(Crafted(b"w.bin", b"x", local_name=b"../x")), "broken_archive"),
    "offset_nowhere": ("a member behind the end", _with(Crafted(b"w.bin", b"x", offset=10**9)), "broken_archive"),
    "offset_shared": ("two members at one place", _with(Crafted(b"b.bin", bytes(1000), offset=0, local_name=b"")), "broken_archive"),
    "encrypted": ("a password", _with(Crafted(b"w.bin", b"x" * 20, flags=1)), "encrypted_archive"),
    "encrypted_aes": ("a strong password", _with(Crafted(b"w.bin", b"x" * 20, method=99)), "encrypted_archive"),
    "encrypted_listing": ("a hidden listing", _with(Crafted(b"w.bin", b"x" * 20, flags=0x2001)), "encrypted_archive"),
    "lzma": ("a compression that takes gigabytes to unpack", _with(Crafted(b"w.bin", b"x" * 20, method=14)), "unsupported_compression"),
    "bzip2": ("another that does", _with(Crafted(b"w.bin", b"x" * 20, method=12)), "unsupported_compression"),
    "no_method": ("a compression that does not exist", _with(Crafted(b"w.bin", b"x" * 20, method=77)), "unsupported_compression"),
    "polyglot": ("a program in front of a zip", _polyglot, "unsafe_path|broken_archive"),
    "two_ends": ("a second end record", _between, "broken_archive|empty_upload"),
    "two_listings": ("two zips in one file", _wrong_order, "unsafe_path|broken_archive"),
    "truncated": ("half a zip", lambda model: crafted_zip(Crafted(b"model.py", model))[:60], "broken_archive"),
    "end_only": ("an end without a beginning", lambda model: b"PK\5\6" + bytes(18), "broken_archive|empty_upload"),
    "garbage": ("no zip at all", lambda model: b"MZ" + bytes(10_000), "broken_archive"),
    "right_to_left": ("a name that reads backwards", _named("gpj.\u202eyp.ledom".encode()), "unsafe_path"),
}  # fmt: skip

# Taken as files among others: the real model.py is what is judged.
_MISTAKEN: dict[str, tuple[str, bytes]] = {
    "zero_width": ("model.py with an invisible character", "model\u200b.py".encode()),
    "homoglyph": ("model.py with a letter of another alphabet", "m\u043edel.py".encode()),
    "junk_model": ("a model.py among a system's junk", b"__MACOSX/model.py"),
    "second_model": ("a model.py in a folder", b"sub/model.py"),
    "compiled": ("a compiled model.py of other content", b"__pycache__/model.cpython-311.pyc"),
    "package": ("a package named as the model", b"model/__init__.py"),
}

ATTACKS = (
    *(
        Attack(
            "archives",
            name,
            tries,
            Upload(
                "archives/honest.py",
                archive=archive,
                limits=(("artifact_mb", "50"),) if name == "members_100000" else (),
                next_is_judged=name == "bomb",
            ),
            _INVALID,
            tells=(rf"^({codes}): ",),
        )
        for name, (tries, archive, codes) in _ARCHIVES.items()
    ),
    *(
        Attack(
            "archives",
            name,
            tries,
            Upload("archives/honest.py", archive=_named(member)),
            prints=("^honest$",),
        )
        for name, (tries, member) in _MISTAKEN.items()
    ),
)
