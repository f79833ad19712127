"""Where tokens are kept, and that nobody else can read them."""

import json
import os
import stat
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import null
from keyring.errors import KeyringError, PasswordDeleteError

from springboard import UsageError
from springboard.accounts import Account, Accounts
from springboard.places import config_folder

SERVER = "https://school.example"
ACCOUNT = Account(SERVER, "ada", "sb_secret", 7)


class Memory(KeyringBackend):
    """A keyring that works."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def delete_password(self, service: str, username: str) -> None:
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError("not found")


class Locked(Memory):
    """A keyring that nobody unlocks."""

    def set_password(self, service: str, username: str, password: str) -> None:
        raise KeyringError("locked")


@pytest.fixture
def accounts(tmp_path: Path) -> Accounts:
    return Accounts(tmp_path / "config")


@pytest.mark.skipif(os.name != "posix", reason="modes are of POSIX")
def test_without_a_keyring_it_is_a_file_that_only_the_owner_reads(accounts: Accounts) -> None:
    before = os.umask(0)  # the mode must not depend on it
    try:
        assert accounts.keep(ACCOUNT) is False
    finally:
        os.umask(before)
    assert stat.S_IMODE(accounts.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(accounts.path.parent.stat().st_mode) == 0o700
    assert accounts.find(SERVER) == ACCOUNT
    assert [path.name for path in accounts.path.parent.iterdir()] == [accounts.path.name]


@pytest.mark.skipif(os.name != "posix", reason="modes are of POSIX")
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o602])
def test_a_file_that_others_may_use_is_refused(accounts: Accounts, mode: int) -> None:
    accounts.keep(ACCOUNT)
    accounts.path.chmod(mode)
    with pytest.raises(UsageError, match="chmod 600") as caught:
        accounts.find(SERVER)
    assert "sb_secret" not in str(caught.value)


def test_a_keyring_that_works_holds_the_token(accounts: Accounts) -> None:
    memory = Memory()
    keyring.set_keyring(memory)
    assert accounts.keep(ACCOUNT) is True
    assert "sb_secret" not in accounts.path.read_text()
    assert accounts.find(SERVER) == ACCOUNT
    accounts.forget(SERVER)
    assert memory.kept == {}
    assert accounts.find(SERVER) is None


@pytest.mark.parametrize("kind", [Locked, null.Keyring])
def test_a_keyring_that_does_not_work_is_passed_over(
    accounts: Accounts, kind: type[KeyringBackend]
) -> None:
    keyring.set_keyring(kind())
    assert accounts.keep(ACCOUNT) is False
    assert accounts.find(SERVER) == ACCOUNT
    accounts.forget(SERVER)
    assert accounts.find(SERVER) is None


def test_a_keyring_that_lost_the_token_means_to_log_in_again(accounts: Accounts) -> None:
    keyring.set_keyring(Memory())
    accounts.keep(ACCOUNT)
    keyring.set_keyring(Memory())
    assert accounts.find(SERVER) is None


def test_each_server_has_its_own(accounts: Accounts) -> None:
    other = Account("https://other.example", "bob", "sb_other")
    accounts.keep(ACCOUNT)
    accounts.keep(other)
    assert accounts.default == other.server
    assert accounts.find(SERVER) == ACCOUNT
    accounts.forget(other.server)
    assert accounts.default == SERVER
    accounts.forget(other.server)  # twice is no mistake


@pytest.mark.parametrize("text", ["", "{", '{"accounts": {"x": {"token": "sb_secret"}}}', "[1]"])
def test_a_damaged_file_is_named_and_not_quoted(accounts: Accounts, text: str) -> None:
    accounts.keep(ACCOUNT)
    accounts.path.write_text(text)
    with pytest.raises(UsageError, match="is damaged: remove it and log in again") as caught:
        accounts.find(SERVER)
    assert "sb_secret" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_folder_that_can_t_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="SPRINGBOARD_CONFIG"):
        Accounts(tmp_path / "file" / "config").keep(ACCOUNT)


def test_a_token_is_not_shown_by_accident() -> None:
    assert "sb_secret" not in repr(ACCOUNT)


def test_the_file_is_plain_json(accounts: Accounts) -> None:
    accounts.keep(ACCOUNT)
    found = json.loads(accounts.path.read_text())
    assert found["default"] == SERVER
    assert found["accounts"][SERVER]["username"] == "ada"


@pytest.mark.parametrize(
    ("platform", "variables", "expected"),
    [
        ("linux", {}, "~/.config/springboard"),
        ("linux", {"XDG_CONFIG_HOME": "/xdg"}, "/xdg/springboard"),
        ("linux", {"XDG_CONFIG_HOME": "relative"}, "~/.config/springboard"),
        ("darwin", {}, "~/Library/Application Support/springboard"),
        ("win32", {"APPDATA": "/appdata"}, "/appdata/springboard"),
        ("win32", {}, "~/AppData/Roaming/springboard"),
        ("linux", {"SPRINGBOARD_CONFIG": "~/mine"}, "~/mine"),
    ],
)
def test_settings_lie_where_the_system_has_them(
    platform: str, variables: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("SPRINGBOARD_CONFIG", "XDG_CONFIG_HOME", "APPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.platform", platform)
    assert config_folder() == Path(expected).expanduser()
