"""Preparing a task in the real sandbox."""

from pathlib import Path

import pytest

from evaluators.errors import TaskError
from evaluators.prepare import prepared_find, task_prepare
from evaluators.runner.seed import Seed
from evaluators.sandbox import Sandbox
from evaluators.task import task_load
from tests.evaluators.tiny_task import task_folder

pytestmark = pytest.mark.sandbox
SEED = Seed(bytes(range(32)))


def prepare(
    tmp_path: Path, sandbox: Sandbox, source: str | None = None, seed: Seed = SEED
) -> tuple[object, list[str]]:
    folder = task_folder(tmp_path)
    if source is not None:
        (folder / "prepare.py").write_text(source)
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "own.csv").write_text("1,2\n")
    lines: list[str] = []
    prepared = task_prepare(
        task=task_load(folder),
        data_root=tmp_path / "data",
        seed=seed,
        sandbox=sandbox,
        raw=raw,
        on_line=lines.append,
    )
    return prepared, lines


def test_it_prepares_once_and_tells_what_the_script_prints(
    bubblewrap: Sandbox, tmp_path: Path
) -> None:
    prepared, lines = prepare(tmp_path, bubblewrap)
    assert "raw holds ['own.csv']" in lines
    assert lines[-1] == "30 practice items, 60 judged items"
    task = task_load(tmp_path / "signs")
    assert prepared_find(task, tmp_path / "data") == prepared
    again = task_prepare(
        task=task,
        data_root=tmp_path / "data",
        seed=SEED,
        sandbox=bubblewrap,
        raw=tmp_path / "raw",
        on_line=lines.append,
    )
    assert again == prepared
    assert lines[-1] == "30 practice items, 60 judged items"


def test_the_same_seed_gives_the_same_data_and_another_gives_other(
    bubblewrap: Sandbox, tmp_path: Path
) -> None:
    first, _ = prepare(tmp_path / "1", bubblewrap)
    second, _ = prepare(tmp_path / "2", bubblewrap)
    third, _ = prepare(tmp_path / "3", bubblewrap, seed=Seed(bytes(32)))
    versions = [one.data_version for one in (first, second, third)]  # type: ignore[attr-defined]
    assert versions[0] == versions[1] != versions[2]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("def prepare(raw, public, private, seed): raise KeyError('column')", "KeyError: 'column'"),
        ("import nothing_of_this_name", "No module named"),
        ("x = 1", "has no attribute 'prepare'"),
        ("def prepare(raw, public, private, seed): pass", "practice.npz can't be read"),
        (
            "def prepare(raw, public, private, seed):\n    (raw / 'x').write_text('x')",
            "Read-only file system",
        ),
        (
            "import socket\ndef prepare(raw, public, private, seed):\n"
            "    socket.create_connection(('127.0.0.1', 80))",
            "Operation not permitted",
        ),
    ],
)
def test_a_script_that_fails_is_the_tasks_fault_and_leaves_nothing(
    bubblewrap: Sandbox, tmp_path: Path, source: str, words: str
) -> None:
    with pytest.raises(TaskError, match="signs|practice") as raised:
        prepare(tmp_path, bubblewrap, source)
    assert words in str(raised.value)
    assert list((tmp_path / "data" / "signs").iterdir()) == []


def test_what_is_not_prepared_says_how_to(tmp_path: Path) -> None:
    task = task_load(task_folder(tmp_path))
    with pytest.raises(TaskError, match="python -m evaluators prepare signs"):
        prepared_find(task, tmp_path / "data")
