"""Logs for machines: one JSON object a line."""

import json
import logging
import os
import socket
from datetime import UTC, datetime
from typing import Any

from server.logs.context import log_names
from server.logs.text import secrets_hidden

HOST = socket.gethostname()


class JsonFormatter(logging.Formatter):
    """Formats a record as a JSON object without line breaks, with what is done while it is logged.

    What must not be read in a log is hidden in each text before it is quoted: a quoted text has
    other ends.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Returns the line of a record."""
        fields: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "host": HOST,
            "process": os.getpid(),
            **log_names(),
            **_of_request(record),
        }
        if record.exc_info and record.exc_info[0] is not None:
            fields["exception"] = self.formatException(record.exc_info)
        if record.stack_info:
            fields["stack"] = self.formatStack(record.stack_info)
        return json.dumps({name: _plain(value) for name, value in fields.items()})


def _of_request(record: logging.LogRecord) -> dict[str, Any]:
    """Who asked, and what was answered, where the framework logs a request's failure."""
    fields: dict[str, Any] = {}
    status = getattr(record, "status_code", None)
    if status is not None:
        fields["status"] = status
    # Only if it is known already: a log must not ask the database.
    user = getattr(getattr(record, "request", None), "_cached_user", None)
    if getattr(user, "pk", None) is not None:
        fields["user"] = getattr(user, "pk", None)
    return fields


def _plain(value: Any) -> Any:
    return value if isinstance(value, int | float | None) else secrets_hidden(str(value))
