"""Reading a folder, or one file, as an upload."""

import errno
import os
import stat
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from evaluators.archive import special_kind
from evaluators.errors import SubmissionError
from evaluators.member_names import MEMBERS, Names, path_check
from evaluators.tree import Member, is_junk
from evaluators.zip_data import CHUNK


def folder_members(root: Path) -> list[Member]:
    """Lists the plain files under a folder; links are never followed.

    Raises:
        SubmissionError: it holds something else, bad names, or too much.
        OSError: it can't be read.
    """
    names = Names()
    members: list[Member] = []
    waiting = [root]
    seen = 0
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                seen += 1
                if seen > MEMBERS:
                    raise SubmissionError("too_many_members", limit=MEMBERS)
                if is_junk(entry.name):
                    continue
                path = Path(entry.path)
                parts = path_check(path.relative_to(root).as_posix())
                if entry.is_dir(follow_symlinks=False):
                    names.add(parts, folder=True)
                    waiting.append(path)
                else:
                    names.add_file(parts)
                    members.append(_member(path, parts))
    return members


def file_member(path: Path, name: str) -> Member:
    """One file that is the whole upload.

    Args:
        path: where it lies; ours, so that a link to it is followed.
        name: what it is called in the tree.
    """
    status = path.stat()
    return Member(path_check(name), status.st_size, partial(_chunks, path, status, follow=True))


def _member(path: Path, parts: tuple[str, ...]) -> Member:
    status = path.lstat()
    name = "/".join(parts)
    if kind := special_kind(status.st_mode):
        raise SubmissionError("special_file", kind=kind, name=name)
    if status.st_nlink > 1:
        # The other name may be anywhere, and may still change the content.
        raise SubmissionError("special_file", kind="a hard link", name=name)
    return Member(parts, status.st_size, partial(_chunks, path, status, follow=False))


def _chunks(path: Path, expected: os.stat_result, *, follow: bool) -> Iterator[bytes]:
    """Reads a file, having made sure that it still is the file that was listed."""
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
    if not follow:
        flags |= getattr(os, "O_NOFOLLOW", 0)
    try:
        descriptor = os.open(path, flags)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise _changed(path) from error
        raise
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not os.path.samestat(status, expected) or not stat.S_ISREG(status.st_mode):
            raise _changed(path)
        while chunk := file.read(CHUNK):
            yield chunk


def _changed(path: Path) -> SubmissionError:
    kind = "a file that changed while it was read"
    return SubmissionError("special_file", kind=kind, name=path.name)
