"""A worker with a strict umask, as hardened systems give to root."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from evaluators.errors import InfrastructureError
from evaluators.runner import RUNNER
from evaluators.sandbox import sandbox_select, trial

pytestmark = pytest.mark.sandbox


@pytest.fixture
def strict_umask() -> Iterator[None]:
    before = os.umask(0o077)
    yield
    os.umask(before)


@pytest.mark.usefixtures("strict_umask")
def test_the_sandbox_starts() -> None:
    assert sandbox_select().name == "bubblewrap"


def test_code_that_only_root_can_read_is_told_to_be_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runner = tmp_path / "code" / "evaluators" / "runner"
    shutil.copytree(RUNNER, runner, ignore=shutil.ignore_patterns("__pycache__"))
    for path in runner.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
    monkeypatch.setattr(trial, "RUNNER", runner)
    if os.geteuid() != 0:
        sandbox_select()  # one's own files are readable to one's own sandboxes
        return
    with pytest.raises(InfrastructureError, match=f"chmod -R go\\+rX {tmp_path / 'code'}"):
        sandbox_select()
