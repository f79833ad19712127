"""gunicorn's own log, without the secrets that addresses carry."""

import logging
from typing import Any

from gunicorn.glogging import Logger  # type: ignore[import-untyped]

from server.logs.json_lines import JsonFormatter
from server.logs.text import DiscreetFormatter
from server.settings import env


class DiscreetLogger(Logger):  # type: ignore[misc]  # gunicorn has no types
    """Hides what must not be read in a log, in lines of access and of errors."""

    def setup(self, cfg: Any) -> None:
        """Sets the log up as gunicorn does, then changes how its lines are written."""
        super().setup(cfg)
        for log in (self.error_log, self.access_log):
            for handler in log.handlers:
                _hide(handler)


def _hide(handler: logging.Handler) -> None:
    if env.choice("LOG_FORMAT", ("text", "json")) == "json":
        handler.setFormatter(JsonFormatter())
        return
    written = handler.formatter or logging.Formatter()
    handler.setFormatter(DiscreetFormatter(written._fmt, written.datefmt))
