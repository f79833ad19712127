import pytest

from evaluators.runner import RUNNER
from evaluators.runner.job import run
from evaluators.sandbox import Sandbox, sandbox_select
from evaluators.sandbox.fake import FakeSandbox


@pytest.fixture(scope="session")
def bubblewrap() -> Sandbox:
    return sandbox_select("bubblewrap")


@pytest.fixture
def fake() -> FakeSandbox:
    return FakeSandbox({RUNNER: lambda stdin, stdout, stderr: run(stdin, stdout)})
