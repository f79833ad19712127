"""Unpacks what a server sends, with no more trust than it deserves."""

from dataclasses import replace
from pathlib import Path

from evaluators.archive import archive_members
from evaluators.errors import SubmissionError
from evaluators.tree import Member
from springboard.errors import Refused
from springboard.file_names import name_objection

MEGABYTE = 1 << 20
# Data compresses well, but nothing honest gets near this.
UNPACKED_MB = 8192
EXPANSION = 200


def archive_unpack(archive: Path, into: Path, *, what: str, strip: bool) -> list[str]:
    """Unpacks a zip into a folder and returns the names of its files.

    Args:
        archive: the zip.
        into: an existing folder.
        what: the name of the archive in messages.
        strip: leave out the one folder that holds all the rest.

    Raises:
        Refused: it is damaged, too large, or holds names or things that are not accepted.
    """
    try:
        with archive.open("rb") as file:
            members = archive_members(file, archive)
            if strip:
                members = _stripped(members)
            for member in members:
                _check_name(member)
            budget = min(UNPACKED_MB * MEGABYTE, max(MEGABYTE, EXPANSION * archive.stat().st_size))
            for member in members:
                budget -= _write(member, into, budget)
    except SubmissionError as error:
        # The catalogue speaks of uploads; only the reason is of use here.
        reason = error.message.text.replace("The upload", "it").replace("The archive", "it")
        raise _hostile(what, reason.rstrip(".")) from error
    return [member.name for member in members]


def _stripped(members: list[Member]) -> list[Member]:
    if len({member.parts[0] for member in members}) != 1 or any(
        len(member.parts) == 1 for member in members
    ):
        return members
    return [replace(member, parts=member.parts[1:]) for member in members]


def _check_name(member: Member) -> None:
    for part in member.parts:
        if objection := name_objection(part):
            raise SubmissionError("unsafe_path", name=member.name, reason=objection)


def _write(member: Member, into: Path, budget: int) -> int:
    path = into.joinpath(*member.parts)
    path.parent.mkdir(parents=True, exist_ok=True)
    written = 0
    with path.open("xb") as file:
        for chunk in member.chunks():
            written += len(chunk)
            if written > budget:
                raise SubmissionError(
                    "broken_archive", reason="it unpacks to far more than it should"
                )
            file.write(chunk)
    return written


def _hostile(what: str, reason: str) -> Refused:
    return Refused(
        f"{what} was not unpacked, as it is not safe: {reason}. Tell your instructor.",
        code="unsafe_archive",
    )
