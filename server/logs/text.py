"""Keeps what opens a door out of the logs: links that set passwords, invite codes and tokens."""

import logging
import re

HIDDEN = "[hidden]"
# A part of an address may stand in another address, quoted once or more.
_SLASH = r"(?:/|%(?:25)*2F)"
_PART = r"[^/%\s\"'?&]+"
_SECRETS = (
    re.compile(rf"(?<=password)({_SLASH}{_PART}{_SLASH}){_PART}", re.IGNORECASE),
    re.compile(rf"(?<=join)({_SLASH}){_PART}", re.IGNORECASE),
    re.compile(r"(sb_)[\w-]{8,}"),
    # Of databases, brokers and storages.
    re.compile(r"(://[^/\s:@]*:)[^/\s@]+(?=@)"),
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
