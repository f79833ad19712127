"""Which names the members of an upload may have, so that any system can hold them safely."""

import re
import unicodedata

from evaluators.errors import SubmissionError

MEMBERS = 1000
NAME_BYTES = 255
PATH_BYTES = 1000
DEPTH = 32

_DRIVE = re.compile(r"[A-Za-z]:")
# Overrides and isolates: with them a name reads as another one.
_DIRECTIONS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


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
    if not _DIRECTIONS.isdisjoint(name):
        return "it has characters that turn the direction of text"
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
