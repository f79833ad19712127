"""When a request is sent again, and after how long."""

import email.utils
import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

# What proxies and servers answer while they are busy or starting anew.
AGAIN = (502, 503, 504)
THROTTLED = 429


@dataclass(frozen=True, slots=True)
class Retries:
    """How patient we are.

    Attributes:
        attempts: how often a request is sent, at most.
        first_seconds: the first wait; each next one is twice as long.
        longest_seconds: the longest wait; a server that asks for more gets no other request.
    """

    attempts: int = 5
    first_seconds: float = 0.5
    longest_seconds: float = 30.0

    def wait_after_failure(self, attempt: int) -> float | None:
        """Seconds to wait after attempt 1, 2, ...; None when it was the last.

        A part of it is left to chance, so that a class does not come back all at once.
        """
        if attempt >= self.attempts:
            return None
        longest = min(self.first_seconds * 2.0 ** (attempt - 1), self.longest_seconds)
        return longest * random.uniform(0.5, 1.0)  # noqa: S311 - no secret is made of it

    def wait_after_answer(
        self, attempt: int, status: int, headers: Mapping[str, str]
    ) -> float | None:
        """Seconds to wait after an answer; None when it is to be taken as it is."""
        asked = retry_after(headers)
        if status == THROTTLED:
            # A used-up quota comes with hours; only a throttle is worth waiting for.
            own = None if asked is None or attempt >= self.attempts else 0.0
        else:
            own = self.wait_after_failure(attempt) if status in AGAIN else None
        if own is None or (asked is not None and asked > self.longest_seconds):
            return None
        return max(own, asked or 0.0)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds that a `Retry-After` asks for, given as such or as a date."""
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdecimal():
        return float(text[:9])
    try:
        when = email.utils.parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    return max(0.0, (when - datetime.now(UTC)).total_seconds())
