"""A worker with a strict umask, as hardened systems give to root."""

import os
from collections.abc import Iterator

import pytest

from evaluators.sandbox import sandbox_select

pytestmark = pytest.mark.sandbox


@pytest.fixture
def strict_umask() -> Iterator[None]:
    before = os.umask(0o077)
    yield
    os.umask(before)


@pytest.mark.usefixtures("strict_umask")
def test_the_sandbox_starts() -> None:
    assert sandbox_select().name == "bubblewrap"
