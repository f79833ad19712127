"""What a command was given once as a word and once as an option."""

import argparse
from pathlib import Path

from springboard.client import Springboard
from springboard.errors import UsageError
from springboard.results import Submission


def path_named(options: argparse.Namespace) -> Path:
    """The path of a submission.

    Raises:
        UsageError: there is none, or there are two.
    """
    named = [path for path in (options.path, options.file) if path is not None]
    if len(named) != 1:
        raise UsageError("give one PATH: a zip, a folder with model.py, or one model file")
    path: Path = named[0].expanduser()
    return path


def competition_named(options: argparse.Namespace) -> str | None:
    """The competition, if one was named.

    Raises:
        UsageError: there are two.
    """
    named = {options.competition, getattr(options, "named", None)} - {None}
    if len(named) > 1:
        raise UsageError("name one competition, not two")
    return named.pop() if named else None


def submission_named(options: argparse.Namespace, board: Springboard) -> Submission | str:
    """The submission that was named, or the newest one.

    Raises:
        UsageError: none was named, and there is none.
        SpringboardError: the server can't be asked.
    """
    named: str | None = options.submission
    if named is not None:
        return named
    newest = board.submissions(competition_named(options), limit=1)
    if not newest:
        raise UsageError("you have not submitted anything yet")
    return newest[0]
