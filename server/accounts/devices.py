"""Knows a browser again that an account has logged in from.

Its tries of that account's password are counted for themselves: whoever tries the account from
elsewhere can't use them up. Knowing a device opens nothing; it still has to tell the password.
"""

import hashlib
import secrets
import unicodedata

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from server.accounts.models import User

_SALT = "device"
_LIFETIME = 365 * 24 * 3600
_LONGEST_NAME = 254


def account_name(text: str) -> str:
    """Returns what stands for an account in counts and cookies, however its name was typed.

    Logging in takes compatible characters for the same, so that they are counted as the same.
    """
    name = unicodedata.normalize("NFKC", text).strip().lower()[:_LONGEST_NAME]
    return hashlib.sha256(name.encode()).hexdigest()[:32]


def device_of(request: HttpRequest, name: str) -> str | None:
    """Returns the name of the device, if this account has logged in from it before.

    Args:
        request: what it sent.
        name: of `account_name`.
    """
    kept = request.get_signed_cookie(
        settings.DEVICE_COOKIE_NAME, default=None, salt=_SALT, max_age=_LIFETIME
    )
    account, _, device = (kept or "").partition(":")
    return device if device and account == name else None


def device_remember(request: HttpRequest, response: HttpResponseBase, user: User) -> None:
    """Gives a browser, from which its owner has just logged in, what it is known again by."""
    name = account_name(user.username)
    device = device_of(request, name) or secrets.token_urlsafe(12)
    response.set_signed_cookie(
        settings.DEVICE_COOKIE_NAME,
        f"{name}:{device}",
        salt=_SALT,
        max_age=_LIFETIME,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
