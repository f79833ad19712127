"""The normalised tree of an upload, and how it is written and hashed."""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

_JUNK = frozenset({"__MACOSX", ".DS_Store", "Thumbs.db", "__pycache__"})
# macOS keeps a file's attributes in a second file of this prefix, with the same suffix.
_JUNK_PREFIX = "._"


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


def is_junk(name: str) -> bool:
    """Whether operating systems or Python leave this behind, and no model needs it."""
    return name in _JUNK or name.startswith(_JUNK_PREFIX)


def tree_normalise(members: Iterable[Member]) -> list[Member]:
    """Drops junk, takes away folders that hold all the rest, and sorts by name."""
    kept = [member for member in members if not any(map(is_junk, member.parts))]
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
