"""Which server, token and competition are meant; a token goes to its own server only."""

from pathlib import Path

import pytest

from springboard import NotLoggedIn, UsageError
from springboard.accounts import Account, Accounts
from springboard.remembered import FILE, Remembered, folder_find, folder_remember
from springboard.target import Target, target_find

MINE, OTHER = "https://mine.example", "https://other.example"


@pytest.fixture
def accounts(tmp_path: Path) -> Accounts:
    accounts = Accounts(tmp_path / "config")
    accounts.keep(Account(MINE, "ada", "sb_mine"))
    return accounts


def find(
    accounts: Accounts, folder: Path, *, server: str | None = None, token: str | None = None
) -> Target:
    return target_find(server=server, token=token, accounts=accounts, folder=folder)


def remember(folder: Path, server: str) -> None:
    folder_remember(Remembered(folder, server, "halves"))


def test_the_last_login_is_the_default(accounts: Accounts, tmp_path: Path) -> None:
    assert find(accounts, tmp_path) == Target(MINE, "sb_mine", None)


def test_without_any_login_it_says_how(tmp_path: Path) -> None:
    with pytest.raises(NotLoggedIn, match="springboard login URL"):
        find(Accounts(tmp_path / "nothing"), tmp_path)


def test_a_folder_remembers_server_and_competition(accounts: Accounts, tmp_path: Path) -> None:
    remember(tmp_path, MINE)
    (tmp_path / "a" / "b").mkdir(parents=True)
    assert find(accounts, tmp_path / "a" / "b") == Target(MINE, "sb_mine", "halves")


def test_a_folder_of_another_server_gets_no_token_of_ours(
    accounts: Accounts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    remember(tmp_path, OTHER)
    assert find(accounts, tmp_path) == Target(OTHER, None, "halves")
    monkeypatch.setenv("SPRINGBOARD_TOKEN", "sb_environment")
    with pytest.raises(UsageError, match="set SPRINGBOARD_SERVER too"):
        find(accounts, tmp_path)
    monkeypatch.setenv("SPRINGBOARD_SERVER", MINE)
    assert find(accounts, tmp_path) == Target(MINE, "sb_environment", None)


def test_what_is_said_comes_first(
    accounts: Accounts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPRINGBOARD_SERVER", MINE)
    monkeypatch.setenv("SPRINGBOARD_TOKEN", "sb_environment")
    # The environment's token belongs to the environment's server.
    assert find(accounts, tmp_path, server=OTHER) == Target(OTHER, None, None)
    assert find(accounts, tmp_path, server=OTHER, token="t") == Target(OTHER, "t", None)
    monkeypatch.delenv("SPRINGBOARD_SERVER")
    assert find(accounts, tmp_path, server=OTHER) == Target(OTHER, "sb_environment", None)


def test_a_competition_must_be_named_somewhere() -> None:
    target = Target(MINE, None, None)
    with pytest.raises(UsageError, match="which competition"):
        target.competition_or(None)
    assert target.competition_or("halves") == "halves"
    assert Target(MINE, None, "halves").competition_or(None) == "halves"


@pytest.mark.parametrize("slug", ["../me", "a/b", "", "a?b", "a b", "x" * 101, "%2e%2e"])
def test_a_competition_can_t_lead_elsewhere(slug: str) -> None:
    with pytest.raises(UsageError, match="no competition's short name"):
        Target(MINE, None, None).competition_or(slug)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "server = 3\ncompetition = 'x'",
        "server = 'https://x.example'",
        "server = 'ftp://x'\ncompetition = 'x'",
        "server = 'https://x.example'\ncompetition = '../x'",
        "not toml",
        "\x00",
    ],
)
def test_a_damaged_memory_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text)
    with pytest.raises(UsageError, match=r"springboard\.toml can't be used"):
        folder_find(tmp_path)
