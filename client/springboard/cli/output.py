"""What a command says: to people, or as one JSON value to programs."""

import json
import sys
from dataclasses import dataclass
from typing import Any

from springboard.errors import SpringboardError
from springboard.terminal import plain, plain_lines


@dataclass(frozen=True, slots=True)
class Output:
    """Where a command's words go.

    Attributes:
        as_json: results are one JSON value.
        quiet: no progress, no notes.
    """

    as_json: bool
    quiet: bool

    def result(self, text: str, document: Any) -> None:
        """The result, as words or as JSON."""
        print(json.dumps(document, indent=2) if self.as_json else plain_lines(text))

    def note(self, text: str) -> None:
        """Something beside the result."""
        if not self.quiet:
            print(plain(text), file=sys.stderr)

    def problem(self, error: SpringboardError) -> None:
        """An error, in words; as JSON too where programs read."""
        print(plain_lines(str(error)), file=sys.stderr)
        if self.as_json:
            retry_at = error.retry_at.isoformat() if error.retry_at else None
            document = {
                "error": {
                    "code": error.code,
                    "message": str(error),
                    "status": error.status,
                    "retry_at": retry_at,
                }
            }
            print(json.dumps(document, indent=2))
