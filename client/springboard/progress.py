"""One line that says how far a transfer is."""

import sys
import time
from typing import TextIO

EVERY_SECONDS = 0.1
MEGABYTE = 1 << 20


class Progress:
    """Rewrites its line on a terminal; elsewhere it says once what was done.

    Args:
        label: what is being done.
        quiet: say nothing.
        stream: where to.
    """

    def __init__(self, label: str, *, quiet: bool, stream: TextIO | None = None) -> None:
        self._label = label
        self._quiet = quiet
        self._stream = stream or sys.stderr
        self._shown_at = 0.0
        self._text = ""

    def update(self, done: int, total: int) -> None:
        """Shows how much is done, of how much; 0 if that is not known."""
        share = f"{100 * done // total:3d} %  " if total else ""
        of = f" of {total / MEGABYTE:.1f}" if total else ""
        text = f"{self._label}  {share}{done / MEGABYTE:.1f}{of} MB"
        if text == self._text:
            return
        self._text = text
        if self._is_terminal() and time.monotonic() - self._shown_at >= EVERY_SECONDS:
            self._shown_at = time.monotonic()
            self._stream.write(f"\r{text}\x1b[K")
            self._stream.flush()

    def end(self) -> None:
        """Ends the line, with the last that was known."""
        if self._quiet or not self._text:
            return
        start, stop = ("\r", "\x1b[K") if self._is_terminal() else ("", "")
        self._stream.write(f"{start}{self._text}{stop}\n")
        self._stream.flush()
        self._text = ""

    def _is_terminal(self) -> bool:
        return not self._quiet and self._stream.isatty()
