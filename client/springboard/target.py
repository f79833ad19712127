"""Which server a command talks to, with which token, about which competition.

A token is sent to the server that it belongs to, and to no other: a folder that somebody else
made may name any server.
"""

import os
from dataclasses import dataclass, field
from pathlib import Path

from springboard.accounts import Accounts
from springboard.address import address_clean
from springboard.errors import NotLoggedIn, UsageError
from springboard.remembered import folder_find, slug_check

SERVER, TOKEN = "SPRINGBOARD_SERVER", "SPRINGBOARD_TOKEN"  # noqa: S105 - the variables' names


@dataclass(frozen=True, slots=True)
class Target:
    """Where to.

    Attributes:
        server: its address.
        token: of this user there; None for a stranger.
        competition: the one of the folder, if it is one of this server.
    """

    server: str
    token: str | None = field(repr=False)
    competition: str | None

    def competition_or(self, named: str | None) -> str:
        """The competition that was named, or the folder's.

        Raises:
            UsageError: there is neither.
        """
        if named is not None:
            return slug_check(named)
        if self.competition is None:
            raise UsageError(
                "which competition? Say -c COMPETITION, or go to the folder that `springboard "
                "download` made; `springboard competitions` lists them"
            )
        return self.competition


def target_find(
    *, server: str | None, token: str | None, accounts: Accounts, folder: Path
) -> Target:
    """Finds out where to: what was said, the environment, the folder, the last login.

    Raises:
        NotLoggedIn: nothing says which server.
        UsageError: what was said, or a file, can't be used.
    """
    given = server or os.environ.get(SERVER)
    remembered = folder_find(folder)
    found = (
        (address_clean(given) if given else None)
        or (remembered and remembered.server)
        or accounts.default
    )
    if not found:
        raise NotLoggedIn("log in first: `springboard login URL`, with your server's address")
    if token is None:
        token = _environment_token(found, said=server is not None)
    if token is None and (account := accounts.find(found)):
        token = account.token
    same = remembered is not None and remembered.server == found
    return Target(found, token, remembered.competition if same and remembered else None)


def _environment_token(server: str, *, said: bool) -> str | None:
    token, whose = os.environ.get(TOKEN), os.environ.get(SERVER)
    if not token:
        return None
    if not whose and not said:
        raise UsageError(f"{TOKEN} is set: set {SERVER} too, so that it goes to that server only")
    return token if not whose or address_clean(whose) == server else None
