"""Small notes that may be lost: in the cache, and nothing fails where that can't be reached."""

import logging
from typing import Any

from django.core.cache import cache

logger = logging.getLogger(__name__)


def note_read(key: str) -> Any:
    """Returns a note, or None if there is none."""
    try:
        return cache.get(key)
    except Exception as error:
        # Each cache fails with exceptions of its own.
        logger.warning("The cache can't be read: %s", error)
        return None


def note_write(key: str, value: Any, *, seconds: float | None) -> None:
    """Keeps a note of what JSON can say, for so long."""
    try:
        cache.set(key, value, timeout=None if seconds is None else int(seconds))
    except Exception as error:
        logger.warning("The cache can't be written: %s", error)
