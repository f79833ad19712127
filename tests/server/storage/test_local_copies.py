"""Copies that several processes share, some of which are killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from pytest_django import Settings

from evaluators.errors import InfrastructureError
from evaluators.sandbox.bubblewrap import bubblewrap_find
from server.storage import local_copies
from server.storage.local_copies import copies_trim, local_copy
from tests.server.processes import ROOT, environment

MB = 1024 * 1024
# A process that makes a copy slowly, or holds one, and says so.
PROGRAM = """
import sys, time, django
django.setup()
from django.conf import settings
from pathlib import Path
from server.storage import local_copies
from server.storage.local_copies import local_copy
settings.COPIES_DIR = Path(sys.argv[1])
def make(into):
    with into.open("xb") as file:
        file.write(b"half")
        file.flush()
        with open(sys.argv[2], "a") as made:
            made.write("made\\n")
        time.sleep(float(sys.argv[3]))
        file.write(b" and half")
with local_copy(kind="thing", digest="ab", make=make) as path:
    print(path.read_text(), flush=True)
    time.sleep(float(sys.argv[4]))
"""

# On a disk of 4 MB: what does not fit makes others go, and fails only where that does not help.
SMALL = """
import sys, django
django.setup()
from django.conf import settings
from pathlib import Path
from evaluators.errors import InfrastructureError
from server.storage import local_copies
from server.storage.local_copies import local_copy
settings.COPIES_DIR = Path(sys.argv[1])
def copy(name, mb):
    def make(into):
        into.write_bytes(b"x" * (mb << 20))
    return local_copy(kind="file", digest=name, make=make)
def names():
    return sorted(path.name for path in settings.COPIES_DIR.iterdir() if path.suffix != ".lock")
with copy("aa", 2):
    pass
with copy("bb", 3):
    assert names() == ["file-bb"], names()
    try:
        with copy("cc", 2):
            raise AssertionError("there is no room for it")
    except InfrastructureError as error:
        print(error)
    assert names() == ["file-bb"], names()
with copy("cc", 2) as path:
    assert path.stat().st_size == 2 << 20
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Settings) -> Path:
    settings.COPIES_DIR = tmp_path / "copies"
    settings.COPIES_BYTES = 10 * MB
    return tmp_path / "copies"


def _start(tmp_path: Path, *, slow: float = 0, holds: float = 0) -> "subprocess.Popen[str]":
    arguments = [str(tmp_path / "copies"), str(tmp_path / "made"), str(slow), str(holds)]
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *arguments],
        cwd=ROOT,
        env=environment(DATABASE_URL="sqlite:////nowhere/none.sqlite3"),
        stdout=subprocess.PIPE,
        text=True,
    )


def _writes(size: int) -> Callable[[Path], None]:
    def make(into: Path) -> None:
        into.write_bytes(b"x" * size)

    return make


def _never(into: Path) -> None:
    raise AssertionError("it is there already")


@contextmanager
def _copy(name: str, size: int = MB) -> Iterator[Path]:
    with local_copy(kind="file", digest=name, make=_writes(size)) as path:
        yield path


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_it_is_made_once_and_found_again(folder: Path) -> None:
    with _copy("aa") as path:
        assert path.stat().st_size == MB
    with local_copy(kind="file", digest="aa", make=_never) as again:
        assert again == path


def test_processes_that_want_the_same_make_it_once(tmp_path: Path) -> None:
    started = [_start(tmp_path, slow=0.5) for _ in range(3)]
    said = [process.communicate(timeout=60)[0].strip() for process in started]
    assert said == ["half and half"] * 3
    assert (tmp_path / "made").read_text().splitlines() == ["made"]


def test_what_a_killed_process_left_is_never_seen(tmp_path: Path, folder: Path) -> None:
    killed = _start(tmp_path, slow=60)
    _wait(lambda: (tmp_path / "made").exists())
    assert "thing-ab" not in _names(folder)
    # It is being made: nobody takes that away.
    assert copies_trim() == 0 and "thing-ab.draft" in _names(folder)
    killed.kill()
    killed.communicate()
    said, _ = _start(tmp_path).communicate(timeout=60)
    assert said.strip() == "half and half"
    assert _names(folder) == {"thing-ab", "thing-ab.lock"}


def test_nobody_waits_for_ever_for_one_that_is_frozen(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    frozen = _start(tmp_path, slow=60)
    try:
        _wait(lambda: (tmp_path / "made").exists())
        frozen.send_signal(signal.SIGSTOP)
        monkeypatch.setattr(local_copies, "PATIENCE_SECONDS", 0.3)
        with (
            pytest.raises(InfrastructureError, match="frozen"),
            local_copy(kind="thing", digest="ab", make=_writes(1)),
        ):
            raise AssertionError("it is not there")
    finally:
        frozen.kill()
        frozen.communicate()


def test_leftovers_that_nobody_asks_for_again_go(tmp_path: Path, folder: Path) -> None:
    killed = _start(tmp_path, slow=60)
    _wait(lambda: (tmp_path / "made").exists())
    killed.kill()
    killed.communicate()
    assert copies_trim() == 1
    assert _names(folder) == set()


def test_what_was_used_longest_ago_goes_first(folder: Path, settings: Settings) -> None:
    settings.COPIES_BYTES = 3 * MB + 200
    for age, name in enumerate(("aa", "bb", "cc")):
        with _copy(name) as path:
            pass
        os.utime(path, (1000 + age, 1000 + age))
    with _copy("aa"):  # used again
        pass
    with _copy("dd"):
        pass
    kept = {name for name in _names(folder) if not name.endswith(".lock")}
    assert kept == {"file-aa", "file-cc", "file-dd"}


def test_what_is_in_use_stays(tmp_path: Path, folder: Path) -> None:
    holder = _start(tmp_path, holds=60)
    assert holder.stdout is not None
    assert holder.stdout.readline().strip() == "half and half"
    assert copies_trim(bytes_kept=0) == 0
    # Frozen it still uses it; killed it does not.
    holder.send_signal(signal.SIGSTOP)
    assert copies_trim(bytes_kept=0) == 0
    holder.kill()
    holder.communicate()
    assert copies_trim(bytes_kept=0) == 1
    assert _names(folder) == set()


def test_a_copy_that_fails_leaves_nothing(folder: Path) -> None:
    def make(into: Path) -> None:
        into.mkdir()
        (into / "part").write_bytes(b"x")
        raise InfrastructureError("not what its name says")

    with (
        pytest.raises(InfrastructureError, match="not what"),
        local_copy(kind="file", digest="aa", make=make),
    ):
        pass
    assert not [name for name in _names(folder) if not name.endswith(".lock")]


def test_a_storage_that_fails_is_our_fault() -> None:
    def make(into: Path) -> None:
        raise OSError(5, "no answer")

    with (
        pytest.raises(InfrastructureError, match="file-aa .*no answer"),
        local_copy(kind="file", digest="aa", make=make),
    ):
        pass


def test_many_at_once_with_too_little_room(folder: Path, settings: Settings) -> None:
    settings.COPIES_BYTES = 2 * MB

    def use(number: int) -> int:
        with _copy(f"{number % 5:02x}") as path:
            time.sleep(0.002)
            return path.stat().st_size

    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(use, range(80))) == {MB}
    copies_trim()
    kept = [name for name in _names(folder) if not name.endswith(".lock")]
    assert len(kept) <= 2
    assert _names(folder) == {*kept, *(f"{name}.lock" for name in kept)}


@pytest.mark.sandbox
def test_a_full_disk_is_told_and_leaves_nothing_broken(folder: Path) -> None:
    folder.mkdir()
    found = bubblewrap_find()
    assert found is not None
    small = ("--dev-bind", "/", "/", "--size", str(4 * MB), "--tmpfs", str(folder))
    done = subprocess.run(
        [str(found.path), *small, "--", sys.executable, "-c", SMALL, str(folder)],
        cwd=ROOT,
        env=environment(DATABASE_URL="sqlite:////nowhere/none.sqlite3"),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert "no room on this machine" in done.stdout and "Make room" in done.stdout


def _wait(what: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not what():
        assert time.monotonic() < until
        time.sleep(0.02)
