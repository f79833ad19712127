"""`springboard login` and `logout`."""

import argparse
import getpass
import platform
import sys

from springboard.accounts import Account, Accounts
from springboard.address import address_clean, address_is_private
from springboard.cli.output import Output
from springboard.connection import Connection
from springboard.errors import SpringboardError, UsageError
from springboard.places import config_folder
from springboard.results import IssuedToken, Me, Page, result_read

NAME_CHARACTERS = 60


def login(options: argparse.Namespace, output: Output) -> int:
    """Obtains a token with a password, or takes one that is pasted, and keeps it."""
    server = address_clean(options.url)
    if not address_is_private(server):
        output.note(
            f"{server} is not https: anybody on the way can read your password and your models"
        )
    accounts = Accounts(config_folder())
    before = accounts.find(server)
    account = _pasted(server) if options.token else _obtained(server, options.username, output)
    in_keyring = accounts.keep(account)
    if before is not None and before.token_id is not None and before.token != account.token:
        _revoke(before)
    where = "the system's keyring" if in_keyring else str(accounts.path)
    document = {"server": server, "username": account.username, "kept_in": where}
    output.result(
        f"Logged in at {server} as {account.username}; the token is kept in {where}.", document
    )
    return 0


def logout(options: argparse.Namespace, output: Output) -> int:
    """Revokes the token at the server, and forgets it here."""
    accounts = Accounts(config_folder())
    server = address_clean(options.server) if options.server else accounts.default
    account = accounts.find(server) if server else None
    if server is None or account is None:
        output.result("You are not logged in.", {"server": server, "revoked": False})
        return 0
    revoked = _revoke(account)
    accounts.forget(server)
    text = f"Logged out of {server}."
    if not revoked:
        text += " The token itself may still work: revoke it on your account's page there."
    output.result(text, {"server": server, "revoked": revoked})
    return 0


def _obtained(server: str, username: str | None, output: Output) -> Account:
    username = username or _ask("User name: ")
    password = _ask_hidden(f"Password of {username} at {server}: ")
    name = f"springboard on {platform.node() or 'a computer'}"[:NAME_CHARACTERS]
    with Connection(server, tell=output.note) as connection:
        # Before the password goes out: is it a Springboard at all?
        result_read(Page, server, connection.get("competitions", limit=1))
        credentials = {"username": username, "password": password, "name": name}
        answer = connection.send("POST", "tokens", once=True, json=credentials)
        issued = result_read(IssuedToken, server, answer.json())
    return Account(server, username, issued.token, issued.id)


def _pasted(server: str) -> Account:
    token = _ask_hidden("Token: ").strip()
    if not token.isascii() or not token.isprintable() or " " in token:
        raise UsageError("that is no token; copy one from your account's page")
    with Connection(server, token) as connection:
        me = result_read(Me, server, connection.get("me"))
    return Account(server, me.username, token)


def _revoke(account: Account) -> bool:
    """Revokes a token that `login` obtained; returns whether it surely works no more."""
    if account.token_id is None:
        return False
    try:
        with Connection(account.server, account.token) as connection:
            connection.send("DELETE", f"tokens/{account.token_id}")
    except SpringboardError as error:
        return error.status == 401
    return True


def _ask(question: str) -> str:
    if sys.stdin.isatty():
        print(question, end="", file=sys.stderr, flush=True)
    return _line()


def _ask_hidden(question: str) -> str:
    """Asks without echo; from a pipe it reads a line."""
    if not sys.stdin.isatty():
        return _line()
    try:
        return getpass.getpass(question)
    except EOFError:
        raise _nothing() from None


def _line() -> str:
    line = sys.stdin.readline()
    if not line.strip():
        raise _nothing()
    return line.rstrip("\r\n")


def _nothing() -> UsageError:
    return UsageError("nothing was given: type it, or pipe it in as a line")
