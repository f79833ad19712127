"""Looks for judged labels and judged items in what students download."""

import csv
import hashlib
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.lib.npyio import NpzFile
from numpy.typing import NDArray

from evaluators.check.findings import Findings
from evaluators.errors import TaskError
from evaluators.prepared import PRACTICE_FILE, PreparedTask

PART = "secrecy"
TABLES = (".csv", ".tsv", ".txt")
LARGEST_TABLE = 100_000_000  # bytes
# Of judged items that lie in public, too: short texts and whole numbers may repeat by chance.
MOST_EQUAL = 0.02
# Equal targets in the same order are no accident from so many items on.
LEAST_TARGETS = 10


@dataclass(frozen=True, slots=True)
class PublicArray:
    """An array that students have.

    Attributes:
        where: its file, and its name in it.
        values: the array.
        practice: whether it belongs to the practice sample.
    """

    where: str
    values: NDArray[np.generic]
    practice: bool


def public_arrays(folder: Path) -> list[PublicArray]:
    """Reads all arrays, and the columns of tables, under a public folder.

    Raises:
        TaskError: an array needs pickle, or a file is damaged.
    """
    found: list[PublicArray] = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        try:
            for inner, values in _arrays(path):
                found.append(PublicArray(f"{name}: {inner}", values, name == PRACTICE_FILE))
        except (OSError, ValueError, EOFError, zipfile.BadZipFile, zlib.error) as error:
            raise TaskError(f"public/{name} can't be read without pickle: {error}") from error
    return found


def check_secrecy(findings: Findings, prepared: PreparedTask) -> None:
    """Fails if labels or items that are judged can be found in the public files."""
    judged = prepared.judged()
    arrays = public_arrays(prepared.public)
    private = {
        _file_digest(path): path.name
        for path in (prepared.folder / "private").rglob("*")
        if path.is_file()
    }
    for path in sorted(prepared.public.rglob("*")):
        if path.is_file() and (same := private.get(_file_digest(path))):
            findings.fail(PART, f"public/{path.name} is the private file {same}; write it once")
    if prepared.task.spec.output:
        _labels(findings, arrays, judged.target)
    for name, values in judged.inputs.items():
        _items(findings, arrays, name, values)


def _labels(findings: Findings, arrays: list[PublicArray], target: NDArray[np.generic]) -> None:
    if len(target) < LEAST_TARGETS or len(np.unique(target.reshape(len(target), -1), axis=0)) < 2:
        findings.note(PART, "there are too few different judged labels to look for them in public")
        return
    holders = [array.where for array in arrays if _holds(array.values, target)]
    findings.judge(
        not holders,
        PART,
        f"judged labels lie under public in {', '.join(holders)}"
        if holders
        else f"judged labels are in none of the {len(arrays)} arrays under public",
        "Labels of judged items belong under private alone",
    )


def _holds(values: NDArray[np.generic], target: NDArray[np.generic]) -> bool:
    """Whether an array is, or begins or ends with, the targets in their order."""
    if values.shape[1:] != target.shape[1:] or len(values) < len(target):
        return False
    if values.dtype.kind == "U" or target.dtype.kind == "U":
        values, target = values.astype(str), target.astype(str)
    ends = (values[: len(target)], values[len(values) - len(target) :])
    return any(np.array_equal(part, target) for part in ends)


def _items(
    findings: Findings, arrays: list[PublicArray], name: str, values: NDArray[np.generic]
) -> None:
    public: set[bytes] = set()
    for array in arrays:
        if array.values.shape[1:] == values.shape[1:] and array.values.dtype.kind == (
            values.dtype.kind
        ):
            public.update(_rows(array.values.astype(values.dtype)))
    if not public:
        findings.note(PART, f"no array under public looks like the input {name!r}")
        return
    equal = float(np.mean([row in public for row in _rows(values)]))
    findings.judge(
        equal <= MOST_EQUAL,
        PART,
        f"{equal:.2%} of the judged {name} are under public as well",
        f"More than {MOST_EQUAL:.0%} of them can be looked up: divide the data anew, or transform "
        "the judged ones",
    )


def _rows(values: NDArray[np.generic]) -> Iterator[bytes]:
    if values.dtype.kind == "U":
        yield from (str(text).strip().encode() for text in values)
        return
    for row in np.ascontiguousarray(values):
        yield hashlib.blake2b(row.tobytes(), digest_size=16).digest()


def _arrays(path: Path) -> Iterator[tuple[str, NDArray[np.generic]]]:
    if path.suffix in (".npz", ".npy"):
        loaded = np.load(path, allow_pickle=False)
        if isinstance(loaded, NpzFile):
            with loaded:
                yield from ((name, loaded[name]) for name in loaded.files)
        else:
            yield "array", loaded
    elif path.suffix in TABLES and path.stat().st_size <= LARGEST_TABLE:
        yield from _columns(path)


def _columns(path: Path) -> Iterator[tuple[str, NDArray[np.generic]]]:
    """The columns of a table, as numbers where they are; with and without a header."""
    text = path.read_text(encoding="utf-8", errors="replace")
    separator = max(",;\t", key=text[:10_000].count)
    rows = list(csv.reader(text.splitlines(), delimiter=separator))
    width = max(map(len, rows), default=0)
    for column in range(width):
        cells = [row[column].strip() for row in rows if len(row) > column]
        for begin in (0, 1):
            try:
                yield f"column {column + 1}", np.array(cells[begin:], dtype=np.float64)
                break
            except ValueError:
                continue


def _file_digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
