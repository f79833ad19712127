"""Archives made to harm whoever unpacks them; all are refused before anything runs."""

import stat
import unicodedata
from collections.abc import Callable

from evaluators.verdicts import Verdict
from tests.attacks.attack import Attack, Upload
from tests.attacks.zips import (
    MEGABYTE,
    beside_model,
    lying_listing,
    many,
    named,
    nested_bomb,
    pair,
    polyglot,
    special,
    two_ends,
    two_listings,
    zeros,
    zip64_listing,
)
from tests.evaluators.crafted_zip import (
    Crafted,
    crafted_zip,
    deflate,
    end_record,
    overlapping_bomb,
)

_INVALID = frozenset({Verdict.INVALID_ARTIFACT})
_ARCHIVES: dict[str, tuple[str, Callable[[bytes], bytes], str]] = {
    "bomb": ("50 MB of zeros", zeros(50 * MEGABYTE), "unpacks_too_large|expands_too_much"),
    "bomb_of_many": (
        "many files of zeros",
        beside_model(*(Crafted(b"%d" % n, bytes(300_000), method=8) for n in range(15))),
        "expands_too_much",
    ),
    "bomb_nested": ("zips in zips", nested_bomb, "no_model|expands_too_much|unpacks_too_large"),
    "bomb_overlapping": (
        "members that share their data",
        lambda model: overlapping_bomb(files=200, kernel_size=MEGABYTE),
        "broken_archive|unpacks_too_large",
    ),
    "bomb_small_size_stated": ("50 MB that call themselves 10 bytes", zeros(10), "broken_archive"),
    "bomb_no_size_stated": ("50 MB that call themselves nothing", zeros(0), "broken_archive"),
    "bomb_huge_size_stated": (
        "a byte that calls itself 4 GB",
        beside_model(Crafted(b"w.bin", b"x", stated_size=0xFFFFFFF0)),
        "unpacks_too_large",
    ),
    "size_above": (
        "more stated than there is",
        beside_model(Crafted(b"w.bin", b"x" * 9, method=8, stated_size=10)),
        "broken_archive",
    ),
    "size_below": (
        "less stated than there is",
        beside_model(Crafted(b"w.bin", b"x" * 11, method=8, stated_size=10)),
        "broken_archive",
    ),
    "packed_size_above": (
        "a member that reaches into the listing",
        beside_model(Crafted(b"w.bin", b"x", stated_compressed=60, stated_size=60)),
        "broken_archive",
    ),
    "checksum": (
        "another checksum",
        beside_model(Crafted(b"w.bin", b"x", crc=1)),
        "broken_archive",
    ),
    "damaged": (
        "data that can't be unpacked",
        beside_model(Crafted(b"w.bin", b"x", method=8, raw=b"\xff" * 40)),
        "broken_archive",
    ),
    "hidden_data": (
        "data behind a member's end",
        beside_model(Crafted(b"w.bin", b"x", method=8, raw=deflate(b"x") + b"hidden")),
        "broken_archive",
    ),
    "climbs": ("a name that climbs", named(b"../../../../tmp/springboard-slip"), "unsafe_path"),
    "climbs_inside": (
        "a name that climbs in its middle",
        named(b"a/../../springboard-slip"),
        "unsafe_path",
    ),
    "climbs_by_backslash": (
        "a name that climbs by backslashes",
        named(b"..\\..\\springboard-slip"),
        "unsafe_path",
    ),
    "climbs_in_junk": (
        "a name that climbs among junk",
        named(b"__MACOSX/../../springboard-slip"),
        "unsafe_path",
    ),
    "climbs_as_folder": (
        "a folder that climbs",
        beside_model(Crafted(b"../up/", mode=stat.S_IFDIR | 0o755)),
        "unsafe_path",
    ),
    "absolute": ("an absolute name", named(b"/tmp/springboard-slip"), "unsafe_path"),
    "network_path": ("a share on the network", named(b"//host/share/model.py"), "unsafe_path"),
    "drive": ("a drive", named(b"C:/model.py"), "unsafe_path"),
    "null_in_name": ("a name that ends early", named(b"model.py\0.txt"), "unsafe_path"),
    "escape_in_name": ("a name that drives a terminal", named(b"\x1b[2Jmodel.bin"), "unsafe_path"),
    "line_in_name": ("a name with a line break", named(b"a\nb"), "unsafe_path"),
    "empty_name": ("no name", named(b""), "unsafe_path"),
    "dot_name": ("the folder itself as a file", named(b"."), "unsafe_path"),
    "name_4_kb": ("a name of 4 kB", named(b"a" * 4096), "unsafe_path"),
    "path_4_kb": ("a path of 4 kB", named(b"/".join([b"a" * 200] * 20)), "unsafe_path"),
    "name_64_kb": ("the longest name that a zip can hold", named(b"a" * 65_535), "unsafe_path"),
    "deep": ("a thousand folders deep", named(b"a/" * 1000 + b"x"), "unsafe_path"),
    "not_utf8": ("a name that is no text", named(b"\xff\xfe"), "broken_archive"),
    "surrogate": ("a name of half a character", named(b"\xed\xa0\x80"), "broken_archive"),
    "case": ("names that differ in case", pair(b"Weights.bin", b"weights.bin"), "duplicate_name"),
    "case_beyond_ascii": (
        "names that differ in case beyond ASCII",
        pair("straße".encode(), b"STRASSE"),
        "duplicate_name",
    ),
    "composed": (
        "names that differ in composition",
        pair(
            unicodedata.normalize("NFC", "ü").encode(), unicodedata.normalize("NFD", "ü").encode()
        ),
        "duplicate_name",
    ),
    "composed_model": (
        "a second model.py by a name that folds to it",
        pair(b"MODEL.py", b"x"),
        "duplicate_name",
    ),
    "duplicate": ("one name twice", pair(b"a.bin", b"a.bin"), "duplicate_name"),
    "duplicate_by_dot": (
        "one name twice, once with a dot",
        pair(b"a.bin", b"./a.bin"),
        "duplicate_name",
    ),
    "duplicate_model": ("two files model.py", named(b"model.py"), "duplicate_name"),
    "file_and_folder": ("a file that is a folder, too", pair(b"a", b"a/b"), "duplicate_name"),
    "link": ("a symbolic link to the host", special(stat.S_IFLNK), "special_file"),
    "link_to_labels": (
        "a symbolic link to hidden data",
        special(stat.S_IFLNK, b"../../private/judged.npz"),
        "special_file",
    ),
    "device": ("a device", special(stat.S_IFBLK), "special_file"),
    "terminal": ("a terminal", special(stat.S_IFCHR), "special_file"),
    "fifo": ("a pipe", special(stat.S_IFIFO), "special_file"),
    "socket": ("a socket", special(stat.S_IFSOCK), "special_file"),
    "kind_of_nothing": ("a kind of file that no system has", special(0o170000), "special_file"),
    "folder_with_content": ("a folder with content", named(b"a/"), "broken_archive"),
    "members_100000": ("100,000 members", many(100_000), "too_many_members"),
    "members_1001": ("one member too many", many(1_000), "too_many_members"),
    "members_implied": (
        "folders that are only implied",
        beside_model(*(Crafted(b"%d/a/b/w" % n) for n in range(300))),
        "too_many_members",
    ),
    "count_lies": (
        "a count of members that is too small",
        lambda model: (
            crafted_zip(*(Crafted(b"%d" % n) for n in range(1500)))[:-22]
            + end_record(1, 78_000, 52_000)
        ),
        "broken_archive|too_many_members",
    ),
    "listing_huge": (
        "a listing of 4 GB",
        lying_listing(0xFFFFFFF0, 0),
        "broken_archive|too_many_members",
    ),
    "listing_nowhere": (
        "a listing behind the end",
        lying_listing(46, 0xFFFFFFF0),
        "broken_archive|too_many_members",
    ),
    "listing_before": ("a listing before the beginning", lying_listing(10, 10), "broken_archive"),
    "zip64_huge": (
        "a listing of 16 exabytes",
        zip64_listing(2**63, 0),
        "broken_archive|too_many_members",
    ),
    "zip64_nowhere": (
        "a listing at an exabyte",
        zip64_listing(54, 2**60),
        "broken_archive|too_many_members",
    ),
    "zip64_member": (
        "a member whose size is in a field that it does not have",
        beside_model(Crafted(b"w.bin", b"x", stated_size=0xFFFFFFFF, stated_compressed=0xFFFFFFFF)),
        "broken_archive|unpacks_too_large",
    ),
    "two_names": (
        "a name in the listing, another at the member",
        beside_model(Crafted(b"w.bin", b"x", local_name=b"../x")),
        "broken_archive",
    ),
    "offset_nowhere": (
        "a member behind the end",
        beside_model(Crafted(b"w.bin", b"x", offset=10**9)),
        "broken_archive",
    ),
    "offset_shared": (
        "two members at one place",
        beside_model(Crafted(b"b.bin", bytes(1000), offset=0, local_name=b"")),
        "broken_archive",
    ),
    "encrypted": (
        "a password",
        beside_model(Crafted(b"w.bin", b"x" * 20, flags=1)),
        "encrypted_archive",
    ),
    "encrypted_aes": (
        "a strong password",
        beside_model(Crafted(b"w.bin", b"x" * 20, method=99)),
        "encrypted_archive",
    ),
    "encrypted_listing": (
        "a hidden listing",
        beside_model(Crafted(b"w.bin", b"x" * 20, flags=0x2001)),
        "encrypted_archive",
    ),
    "lzma": (
        "a compression that takes gigabytes to unpack",
        beside_model(Crafted(b"w.bin", b"x" * 20, method=14)),
        "unsupported_compression",
    ),
    "bzip2": (
        "another that does",
        beside_model(Crafted(b"w.bin", b"x" * 20, method=12)),
        "unsupported_compression",
    ),
    "no_method": (
        "a compression that does not exist",
        beside_model(Crafted(b"w.bin", b"x" * 20, method=77)),
        "unsupported_compression",
    ),
    "polyglot": ("a program in front of a zip", polyglot, "unsafe_path|broken_archive"),
    "two_ends": ("a second end record", two_ends, "broken_archive|empty_upload"),
    "two_listings": ("two zips in one file", two_listings, "unsafe_path|broken_archive"),
    "truncated": (
        "half a zip",
        lambda model: crafted_zip(Crafted(b"model.py", model))[:60],
        "broken_archive",
    ),
    "end_only": (
        "an end without a beginning",
        lambda model: b"PK\5\6" + bytes(18),
        "broken_archive|empty_upload",
    ),
    "garbage": ("no zip at all", lambda model: b"MZ" + bytes(10_000), "broken_archive"),
    "right_to_left": (
        "a name that reads backwards",
        named("gpj.\u202eyp.ledom".encode()),
        "unsafe_path",
    ),
}

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
            Upload("archives/honest.py", archive=named(member)),
            prints=("^honest$",),
        )
        for name, (tries, member) in _MISTAKEN.items()
    ),
)
