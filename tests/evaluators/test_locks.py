import subprocess
import sys
from pathlib import Path

import pytest

from evaluators.locks import lock_release, lock_take

ROOT = Path(__file__).resolve().parents[2]
FORKS = """
import os, sys, time
from pathlib import Path
from evaluators.locks import lock_release, lock_take

path = Path(sys.argv[1])
lock = lock_take(path)
read, write = os.pipe()
child = os.fork()
if child == 0:
    os.write(write, b"x")
    time.sleep(60)
os.read(read, 1)
print(lock_take(path))  # the child's closing its copy has not released it
lock_release(lock)
print(lock_take(path) is not None)  # and the child does not hold it either
os.kill(child, 9)
"""


def test_a_lock_is_held_once_and_can_be_taken_again(tmp_path: Path) -> None:
    lock = lock_take(tmp_path / "one")
    assert lock is not None
    assert lock_take(tmp_path / "one") is None
    other = lock_take(tmp_path / "other")
    assert other is not None
    lock_release(lock)
    again = lock_take(tmp_path / "one")
    assert again is not None
    lock_release(again)
    lock_release(other)


def test_a_process_that_is_forked_off_holds_nothing(tmp_path: Path) -> None:
    command = [sys.executable, "-c", FORKS, str(tmp_path / "lock")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == ["None", "True"], done.stderr


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="link"):
        lock_take(tmp_path / "link")
    assert not (tmp_path / "elsewhere").exists()
