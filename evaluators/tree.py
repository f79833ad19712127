"""The normalised tree of an upload: which names it may have, and how it is written and hashed."""

import hashlib
import os
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from evaluators.errors import SubmissionError

MEMBERS = 1000
NAME_BYTES = 255
PATH_BYTES = 1000
DEPTH = 32
# What operating systems and Python leave behind; no model needs it.
JUNK = frozenset({"__MACOSX", ".DS_Store", "Thumbs.db", "__pycache__"})

_DRIVE = re.compile(r"[A-Za-z]:")


@dataclass(frozen=True, slots=True)
class Member:
    """A file of an upload, not yet read.

    Attributes:
        parts: its checked path, one name a level.
        size: its size as the upload states it: good for refusing early, and for nothing else.
        chunks: reads it, in pieces of bounded size.
    """

    parts: tuple[str, ...]
    size: int
    chunks: Callable[[], Iterator[bytes]]

    @property
    def name(self) -> str:
        """Its path with slashes."""
        return "/".join(self.parts)

    @property
    def is_junk(self) -> bool:
        """Whether no model needs it."""
        return not JUNK.isdisjoint(self.parts)


def path_check(name: str) -> tuple[str, ...]:
    """Splits a member's name into safe parts in Unicode's NFC form.

    Systems that compose names and systems that don't so give the same tree.

    Raises:
        SubmissionError: the name could leave its folder, or not every system can hold it.
    """
    if reason := _objection(name):
        raise SubmissionError("unsafe_path", name=name, reason=reason)
    parts = tuple(part for part in unicodedata.normalize("NFC", name).split("/") if part != ".")
    sizes = [len(part.encode()) for part in parts]
    reason = None
    if not parts or "" in parts:
        reason = "a part of it is empty"
    elif max(sizes) > NAME_BYTES or sum(sizes) + len(sizes) - 1 > PATH_BYTES:
        reason = f"it is longer than {NAME_BYTES} bytes a part or {PATH_BYTES} in all"
    elif len(parts) > DEPTH:
        reason = f"it is more than {DEPTH} folders deep"
    if reason:
        raise SubmissionError("unsafe_path", name=name, reason=reason)
    return parts


def _objection(name: str) -> str | None:
    """What makes a name dangerous, if anything does."""
    parts = name.split("/")
    if any(unicodedata.category(c) in ("Cc", "Cs") for c in name):
        return "it has control characters, or is not UTF-8"
    if "\\" in name:
        return "it has a backslash"
    if name.startswith("/"):
        return "it is absolute"
    if ".." in parts:
        return "it climbs with .."
    if any(_DRIVE.match(part) for part in parts):
        return "it names a drive"
    return None


class Names:
    """The names seen so far, as a tree that any file system could hold."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, ...], tuple[str, bool]] = {}

    def add(self, parts: tuple[str, ...], *, folder: bool = False) -> None:
        """Adds a file or a folder, and the folders above it.

        Raises:
            SubmissionError: it clashes with another, or there are too many.
        """
        folded = tuple(_fold(part) for part in parts)
        for depth in range(1, len(parts) + 1):
            is_folder = folder or depth < len(parts)
            known = self._seen.setdefault(folded[:depth], (parts[depth - 1], is_folder))
            if known != (parts[depth - 1], is_folder):
                raise SubmissionError("duplicate_name", name="/".join(parts[:depth]))
            if len(self._seen) > MEMBERS:
                raise SubmissionError("too_many_members", limit=MEMBERS)

    def add_file(self, parts: tuple[str, ...]) -> None:
        """Adds a file that must be new."""
        if tuple(_fold(part) for part in parts) in self._seen:
            raise SubmissionError("duplicate_name", name="/".join(parts))
        self.add(parts)


def _fold(name: str) -> str:
    """A key that is equal for names that differ in case or composition only (Unicode D145)."""
    return unicodedata.normalize("NFD", unicodedata.normalize("NFD", name).casefold())


def tree_normalise(members: Iterable[Member]) -> list[Member]:
    """Drops junk, takes away folders that hold all the rest, and sorts by name."""
    kept = [member for member in members if not member.is_junk]
    while kept and all(len(m.parts) > 1 for m in kept) and len({m.parts[0] for m in kept}) == 1:
        kept = [replace(member, parts=member.parts[1:]) for member in kept]
    return sorted(kept, key=lambda member: member.name.encode())


def tree_write(
    members: Iterable[Member], into: Path, spend: Callable[[int], None]
) -> tuple[str, int]:
    """Writes a normalised tree and returns its digest and its size in bytes.

    Files are read-only; folders stay writable for us, so that we can remove them.

    Args:
        members: sorted by name.
        into: an existing folder.
        spend: called with the number of bytes before they are written; raises to refuse them.
    """
    tree = hashlib.sha256()
    total = 0
    for member in members:
        path = _folder_make(into, member.parts[:-1]) / member.parts[-1]
        content = hashlib.sha256()
        with path.open("xb") as file:
            for chunk in member.chunks():
                spend(len(chunk))
                content.update(chunk)
                file.write(chunk)
                total += len(chunk)
        if os.name == "posix":
            path.chmod(0o444)
        tree.update(f"{content.hexdigest()} {member.name}\n".encode())
    return tree.hexdigest(), total


def _folder_make(into: Path, parts: tuple[str, ...]) -> Path:
    """Makes the folders of a file, readable for the sandbox's user whatever our umask is."""
    for part in parts:
        into = into / part
        if not into.exists():
            into.mkdir()
            into.chmod(0o755)
    return into
