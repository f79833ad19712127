"""Reads the environment, and fails loudly by the name of the variable that is wrong."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off"}
# What a database URL's query may change.
_POSTGRESQL = {
    "connect_timeout": "5",
    # A machine that is gone without a word is noticed within a lease.
    "keepalives_idle": "5",
    "keepalives_interval": "5",
    "keepalives_count": "2",
    "tcp_user_timeout": "15000",
    # A process that was frozen in the middle of a transaction holds up others no longer than so.
    "options": "-c idle_in_transaction_session_timeout=30s",
}


def text(name: str, default: str | None = None) -> str:
    """Returns a variable's text.

    Raises:
        ImproperlyConfigured: it is not set or empty, and there is no default.
    """
    value = os.environ.get(name, "").strip()
    if value:
        return value
    if default is None:
        raise ImproperlyConfigured(f"The environment variable {name} must be set.")
    return default


def flag(name: str, *, default: bool) -> bool:
    """Returns a variable as yes or no.

    Raises:
        ImproperlyConfigured: it is neither.
    """
    value = text(name, "1" if default else "0").lower()
    if value not in TRUE | FALSE:
        raise ImproperlyConfigured(f"{name} is {value!r}; write 1 for yes or 0 for no.")
    return value in TRUE


def integer(name: str, default: int) -> int:
    """Returns a variable as a whole number.

    Raises:
        ImproperlyConfigured: it is none.
    """
    value = text(name, str(default))
    try:
        return int(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is {value!r}; write a whole number.") from error


def count(name: str, default: int) -> int:
    """Returns a variable as a whole number that is not negative.

    Raises:
        ImproperlyConfigured: it is none.
    """
    value = integer(name, default)
    if value < 0:
        raise ImproperlyConfigured(f"{name} is {value}; write 0 or more.")
    return value


def site(name: str, default: str) -> str:
    """Returns a variable as the address of a site, or an empty text.

    Raises:
        ImproperlyConfigured: it is none.
    """
    value = text(name, default)
    parts = urlsplit(value)
    if value and (parts.scheme not in {"http", "https"} or value != f"{parts[0]}://{parts[1]}"):
        raise ImproperlyConfigured(
            f"{name} is {value!r}; write https://host or https://host:port, and nothing after it."
        )
    return value


def choice(name: str, choices: tuple[str, ...]) -> str:
    """Returns a variable that names one of some choices; the first where it is not set.

    Raises:
        ImproperlyConfigured: it is none of them.
    """
    value = text(name, choices[0]).lower()
    if value not in choices:
        raise ImproperlyConfigured(f"{name} is {value!r}; write {' or '.join(choices)}.")
    return value


def secret(name: str, *, least: int) -> str:
    """Returns a variable that nobody may guess, or an empty text where it is not set.

    Raises:
        ImproperlyConfigured: it is short, or can't be sent in a header.
    """
    value = text(name, "")
    if value and (len(value) < least or not value.isascii() or len(value.split()) > 1):
        raise ImproperlyConfigured(
            f"{name} must have {least} characters or more, ASCII and without spaces; make a long "
            "random one."
        )
    return value


def words(name: str, default: str | None = None) -> list[str]:
    """Returns a variable's comma-separated parts."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def broker(name: str, default: str) -> str:
    """Returns a broker's URL.

    Raises:
        ImproperlyConfigured: it is of no broker that Springboard knows, or incomplete.
    """
    url = text(name, default)
    if url == "filesystem://":
        return url
    # No word of the URL itself: it has a password.
    scheme = url.partition("://")[0] if "://" in url else ""
    if scheme not in {"redis", "rediss", "amqp", "amqps"}:
        raise ImproperlyConfigured(
            f"{name} begins with {scheme[:20] or 'no scheme'!r}; write "
            "redis://:password@host:6379/0, amqp://user:password@host:5672// or filesystem://."
        )
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host:
        raise ImproperlyConfigured(
            f"{name} names no host and port that could be read; write {scheme}://user:password@host:"
            f"{'6379/0' if scheme.startswith('redis') else '5672//'}, and signs like @ / # in a "
            "password as %40 %2F %23."
        )
    return url


def database(name: str, default: str) -> dict[str, Any]:
    """Turns a database URL into Django's settings.

    Args:
        name: the variable.
        default: the URL where it is not set.

    Raises:
        ImproperlyConfigured: the URL is of no database that Springboard knows.
    """
    url = text(name, default)
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        path = unquote(parts.path).removeprefix("/")
        if not path or parts.netloc:
            raise ImproperlyConfigured(
                f"{name} names no file; write sqlite:///relative.sqlite3 or "
                "sqlite:////absolute/path.sqlite3."
            )
        return _sqlite(Path(path))
    if parts.scheme in {"postgres", "postgresql"}:
        if not parts.path.strip("/"):
            raise ImproperlyConfigured(
                f"{name} names no database; write postgres://user:password@host:5432/database."
            )
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.strip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": _POSTGRESQL | dict(parse_qsl(parts.query, keep_blank_values=True)),
        }
    raise ImproperlyConfigured(
        f"{name} begins with {parts.scheme or 'no scheme'!r}; write sqlite:///... or postgres://..."
    )


def _sqlite(path: Path) -> dict[str, Any]:
    if path.parent.is_dir():
        # Private scores and password hashes: nobody else on the machine reads them.
        path.touch(mode=0o600)
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            # A transaction that reads and then writes must not find that another wrote between.
            "transaction_mode": "IMMEDIATE",
            # What was answered lasts, also when the power fails at once.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
            "timeout": 30,
        },
    }
