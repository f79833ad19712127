"""Takes many files out of one archive: all whose path matches a pattern, proved by one digest."""

import hashlib
from collections.abc import Callable, Iterable
from fnmatch import fnmatchcase
from pathlib import Path

from evaluators.errors import SubmissionError, TaskError
from evaluators.member_names import path_check

MEMBERS = 10_000
TOTAL_BYTES = 1 << 28
Read = Callable[[str], bytes]


def members_matching(names: Iterable[str], pattern: str) -> list[str]:
    """The files of an archive that a pattern names, sorted.

    Args:
        names: of all members; folders end with a slash.
        pattern: as the shell's, but `*` goes across folders too.

    Raises:
        TaskError: there are none, or too many; or a file is there twice, or its name is not safe.
    """
    chosen = sorted(name for name in names if not name.endswith("/") and fnmatchcase(name, pattern))
    if not 0 < len(chosen) <= MEMBERS:
        raise TaskError(f"{len(chosen)} members match {pattern}, but 1 to {MEMBERS} may")
    if len({name.casefold() for name in chosen}) < len(chosen):
        raise TaskError(f"of the members that match {pattern}, two have the same name")
    for name in chosen:
        try:
            safe = "/".join(path_check(name)) == name
        except SubmissionError as error:
            raise TaskError(f"a member's name is not safe: {error}") from error
        if not safe:
            raise TaskError(f"a member's name is not in its plain form: {name[:200]!r}")
    return chosen


def members_write(names: Iterable[str], read: Read, *, sha256: str, into: Path) -> None:
    """Writes members below a folder, under their own paths.

    Args:
        names: from `members_matching`.
        read: gives the content of one.
        sha256: of the lines `NAME SHA256-OF-ITS-CONTENT`, in the order of the names.
        into: a folder that is not there yet.

    Raises:
        TaskError: the digest differs, or the files are too large; nothing was written.
    """
    contents: dict[str, bytes] = {}
    total, digest = 0, hashlib.sha256()
    for name in names:
        content = contents[name] = read(name)
        total += len(content)
        if total > TOTAL_BYTES:
            raise TaskError(f"the members are larger than {TOTAL_BYTES >> 20} MB together")
        digest.update(f"{name} {hashlib.sha256(content).hexdigest()}\n".encode())
    if digest.hexdigest() != sha256:
        raise TaskError(
            f"the {len(contents)} members have the sha256 {digest.hexdigest()}, but task.toml "
            f"says {sha256}"
        )
    for name, content in contents.items():
        path = into / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
