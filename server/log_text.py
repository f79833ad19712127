"""Keeps what opens a door out of the logs: links that set passwords, invite codes and tokens."""

import logging
import re

HIDDEN = "[hidden]"
_SECRETS = (
    # /password/UID/TOKEN/, whole or quoted inside another address.
    re.compile(r"(?<=password)((?:/|%2F)[^/%\s\"'?]+(?:/|%2F))[^/%\s\"'?]+", re.IGNORECASE),
    re.compile(r"(?<=join)(/|%2F)[^/%\s\"'?]+", re.IGNORECASE),
    re.compile(r"(sb_)[\w-]{8,}"),
)


def secrets_hidden(text: str) -> str:
    """Returns a text without the secrets that addresses and headers carry."""
    for secret in _SECRETS:
        text = secret.sub(rf"\1{HIDDEN}", text)
    return text


class DiscreetFormatter(logging.Formatter):
    """Formats a record with its traceback, and hides what must not be read in a log."""

    def format(self, record: logging.LogRecord) -> str:
        """Returns the line or lines of a record."""
        return secrets_hidden(super().format(record))
