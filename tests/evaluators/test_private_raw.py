"""An instructor's own raw files, which nobody else may read."""

from pathlib import Path

import pytest

from evaluators.errors import TaskError
from evaluators.prepare import task_prepare
from evaluators.runner.seed import Seed
from evaluators.sandbox import Sandbox
from evaluators.task import task_load
from tests.evaluators.tiny_task import task_folder

pytestmark = pytest.mark.sandbox


def prepare(folder: Path, sandbox: Sandbox, raw: Path) -> list[str]:
    lines: list[str] = []
    task_prepare(
        task=task_load(task_folder(folder)),
        data_root=folder / "data",
        seed=Seed(bytes(32)),
        sandbox=sandbox,
        raw=raw,
        on_line=lines.append,
    )
    return lines


def test_files_that_only_their_owner_may_read_are_prepared(
    bubblewrap: Sandbox, tmp_path: Path
) -> None:
    raw = tmp_path / "raw"
    raw.mkdir(mode=0o700)
    (raw / "own.csv").write_text("1,2\n")
    (raw / "own.csv").chmod(0o600)
    assert "raw holds ['own.csv']" in prepare(tmp_path, bubblewrap, raw)
    assert (raw / "own.csv").stat().st_mode & 0o777 == 0o600
    assert raw.stat().st_mode & 0o777 == 0o700


def test_a_folder_that_is_not_there_is_named(bubblewrap: Sandbox, tmp_path: Path) -> None:
    with pytest.raises(TaskError, match=r"nowhere can't be copied: .* folder that you may read"):
        prepare(tmp_path, bubblewrap, tmp_path / "nowhere")
