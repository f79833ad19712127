import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from evaluators import work
from evaluators.processes import space_mark
from evaluators.work import work_folder

WORKER = """
import time
from evaluators.work import work_folder
with work_folder() as folder:
    folder.mkdir()
    (folder / "model.py").write_text("class Model: ...")
    print(folder, flush=True)
    time.sleep(60)
"""


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    work._leftovers_remove.cache_clear()
    return tmp_path


def test_it_is_gone_afterwards_and_nobody_else_may_enter_it(place: Path) -> None:
    with work_folder() as folder:
        assert folder.parent.parent == place
        assert folder.parent.stat().st_mode & 0o777 == 0o700
    assert list(place.iterdir()) == []


def test_what_a_killed_worker_left_is_removed_by_the_next(place: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", WORKER],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"TMPDIR": str(place)},
    ) as worker:
        assert worker.stdout is not None
        left = Path(worker.stdout.readline().strip()).parent
        with work_folder() as folder:
            assert left.is_dir()  # its worker lives
            folder.mkdir()
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        work._leftovers_remove.cache_clear()
        with work_folder():
            assert not left.exists()


def test_what_only_looks_like_one_is_left_alone(place: Path) -> None:
    dead = f"{work.PREFIX}999999999-1"
    (place / f"{dead}-unmarked").mkdir()
    (place / f"{dead}-{space_mark()}-file").write_text("not a folder")
    (place / f"{dead}-{space_mark()}-link").symlink_to(place / f"{dead}-unmarked")
    (place / f"{dead}-elsewhere0000-x").mkdir()
    with work_folder():
        assert len(list(place.iterdir())) == 5
