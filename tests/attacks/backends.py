"""The backends that are attacked."""

import pytest

from evaluators.sandbox import Sandbox, sandbox_select

BACKENDS = [pytest.param("bubblewrap", marks=pytest.mark.sandbox)]


def backend(name: str) -> Sandbox:
    """Makes a backend."""
    return sandbox_select(name)
