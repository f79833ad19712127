import logging
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _nothing_is_left_out(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A fault of a diagnostic costs no participant a score, so it must be seen here."""
    yield
    faults = [
        record.getMessage()
        for record in caplog.get_records("call")
        if record.name.startswith("evaluators.diagnostics") and record.levelno >= logging.ERROR
    ]
    assert not faults
