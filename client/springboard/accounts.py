"""The servers that this user is logged in to, with their tokens."""

from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from springboard.errors import UsageError
from springboard.private_file import private_read, private_write
from springboard.system_keyring import keyring_find, keyring_forget, keyring_keep

FILE = "accounts.json"


@dataclass(frozen=True, slots=True)
class Account:
    """A login.

    Attributes:
        server: its address.
        username: whose.
        token: what is sent to that server, and to no other.
        token_id: the server's number of the token, where `login` obtained it.
    """

    server: str
    username: str
    token: str = field(repr=False)
    token_id: int | None = None


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    username: str
    token_id: int | None = None
    token: str | None = None  # None: it is in the keyring


class _Document(BaseModel):
    model_config = ConfigDict(extra="forbid")

    default: str | None = None
    accounts: dict[str, _Entry] = {}


class Accounts:
    """All logins, in a file of the settings' folder and the system's keyring.

    Args:
        folder: where the file lies.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE

    @property
    def default(self) -> str | None:
        """The server that was logged in to last."""
        return self._read().default

    def find(self, server: str) -> Account | None:
        """The login at a server, if there is one."""
        entry = self._read().accounts.get(server)
        if entry is None:
            return None
        token = entry.token if entry.token is not None else keyring_find(server)
        return Account(server, entry.username, token, entry.token_id) if token else None

    def keep(self, account: Account) -> bool:
        """Keeps a login and makes its server the default; returns whether the keyring holds it."""
        document = self._read()
        in_keyring = keyring_keep(account.server, account.token)
        document.accounts[account.server] = _Entry(
            username=account.username,
            token_id=account.token_id,
            token=None if in_keyring else account.token,
        )
        document.default = account.server
        private_write(self.path, document.model_dump_json(indent=2) + "\n")
        return in_keyring

    def forget(self, server: str) -> None:
        """Forgets a login."""
        document = self._read()
        entry = document.accounts.pop(server, None)
        if entry is None:
            return
        if entry.token is None:
            keyring_forget(server)
        if document.default == server:
            document.default = next(reversed(document.accounts), None)
        private_write(self.path, document.model_dump_json(indent=2) + "\n")

    def _read(self) -> _Document:
        text = private_read(self.path)
        if text is None:
            return _Document()
        try:
            return _Document.model_validate_json(text)
        except ValidationError:
            # Without the error's own text: it would quote the tokens.
            raise UsageError(
                f"{self.path} is damaged: remove it and log in again with `springboard login`"
            ) from None
