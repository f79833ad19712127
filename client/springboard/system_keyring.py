"""Tokens in the operating system's keyring, where the package `keyring` is there and works."""

import importlib
from typing import Any

SERVICE = "springboard"


def keyring_keep(server: str, token: str) -> bool:
    """Keeps a token; returns whether it can be read back."""
    keyring = _keyring()
    if keyring is None:
        return False
    try:
        keyring.set_password(SERVICE, server, token)
        # A null backend takes everything and returns nothing.
        return bool(keyring.get_password(SERVICE, server) == token)
    except _errors(keyring):
        return False


def keyring_find(server: str) -> str | None:
    """The token kept for a server, if any."""
    keyring = _keyring()
    if keyring is None:
        return None
    try:
        found = keyring.get_password(SERVICE, server)
    except _errors(keyring):
        return None
    return found if isinstance(found, str) else None


def keyring_forget(server: str) -> None:
    """Removes the token of a server, if there is one."""
    keyring = _keyring()
    if keyring is None:
        return
    try:
        keyring.delete_password(SERVICE, server)
    except _errors(keyring):
        return


def _keyring() -> Any:
    """The module, if it is installed: it is optional, and slow to import."""
    try:
        importlib.import_module("keyring.errors")
        return importlib.import_module("keyring")
    except ImportError:
        return None


def _errors(keyring: Any) -> tuple[type[Exception], ...]:
    # Backends talk to other programs, whose failures they pass on as these.
    return (keyring.errors.KeyringError, OSError, RuntimeError, ValueError)
