from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from evaluators.runner.frames import Kind
from evaluators.sandbox import Sandbox, SandboxSpec, Session
from evaluators.sandbox.fake import FakeSandbox
from evaluators.spec import Limits
from springboard.local import LocalRun
from tests.evaluators.backends import BACKENDS, backend
from tests.evaluators.sandbox.programs.behaviours.serve import serve

PROGRAM = Path(__file__).parent / "programs" / "behaviours"
LIMITS = Limits(wall_seconds=20, memory_mb=512, artifact_mb=1, log_kb=1, output_mb=1)


def make(name: str) -> Sandbox:
    if name == "fake":
        return FakeSandbox({PROGRAM: serve})
    return LocalRun() if name == "local" else backend(name)


@pytest.fixture(params=["fake", "local", *BACKENDS])
def sandbox(request: pytest.FixtureRequest) -> Sandbox:
    return make(request.param)


@contextmanager
def behaving(sandbox: Sandbox, behaviour: str, **changes: object) -> Iterator[Session]:
    """A session whose program behaves in one of the ways of `programs.behaviours.serve`."""
    limits = LIMITS.model_copy(
        update={name: changes.pop(name) for name in list(changes) if name in Limits.model_fields}
    )
    with sandbox.open(SandboxSpec(program=PROGRAM, limits=limits, **changes)) as session:  # type: ignore[arg-type]
        assert session.receive(64).kind is Kind.HELLO
        session.send(Kind.CONFIGURE, behaviour.encode())
        yield session
