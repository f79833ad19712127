import pytest

from evaluators.sandbox import Sandbox, sandbox_select


@pytest.fixture(scope="session")
def bubblewrap() -> Sandbox:
    return sandbox_select("bubblewrap")
