from collections.abc import Iterator

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from tests.server.conftest import _nothing_counted, cast, competition, prepared_files

__all__ = ["_nothing_counted", "cast", "competition", "prepared_files"]


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """Requests within a test see its rows: they don't begin or end with a connection of their own.

    Django's own test client does the same.
    """
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)
