"""What can go wrong between you and a server, and the exit status of each.

SpringboardError
├── UsageError      2  what was asked can't be done here: a missing file, no competition named
├── NotLoggedIn     3  there is no token, or the server does not take it
├── Refused         4  the server understood and said no; its own words are the message
├── TryLater        5  a limit is used up, or it is not judged yet; `retry_at` where it is known
└── Unreachable     6  no connection, a server that fails, or one that is no Springboard
"""

from datetime import datetime


class SpringboardError(Exception):
    """Base of all that the client raises; its text says what is wrong and what to do.

    Args:
        text: what is wrong and what to do.
        code: the kind of problem, for programs.
        status: the HTTP status, where a server answered.
        retry_at: when to try again, where the server says so.
    """

    exit_status = 6

    def __init__(
        self,
        text: str,
        *,
        code: str = "",
        status: int | None = None,
        retry_at: datetime | None = None,
    ) -> None:
        self.code = code or _code_of(type(self))
        self.status = status
        self.retry_at = retry_at
        super().__init__(text)


class UsageError(SpringboardError):
    """What was asked can't be done here."""

    exit_status = 2


class NotLoggedIn(SpringboardError):
    """There is no token, or the server does not take it."""

    exit_status = 3


class Refused(SpringboardError):
    """The server understood and said no."""

    exit_status = 4


class TryLater(SpringboardError):
    """It will do later what it does not do now."""

    exit_status = 5


class Unreachable(SpringboardError):
    """The server can't be reached, fails, or is no Springboard."""

    exit_status = 6


def _code_of(kind: type[SpringboardError]) -> str:
    """`NotLoggedIn` as `not_logged_in`."""
    words = "".join(f" {c.lower()}" if c.isupper() else c for c in kind.__name__)
    return words.strip().replace(" ", "_")
