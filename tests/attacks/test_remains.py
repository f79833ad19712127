"""What would be left behind is seen."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from tests.attacks.remains import remains_snapshot

MARKER = "attack-that-leaves"


@contextmanager
def a_process() -> Iterator[None]:
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(99)", MARKER])
    try:
        yield
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


@contextmanager
def a_file() -> Iterator[None]:
    with tempfile.TemporaryDirectory(prefix="springboard-"):
        yield


@contextmanager
def shared_memory() -> Iterator[None]:
    path = Path("/dev/shm") / MARKER
    path.touch()
    try:
        yield
    finally:
        path.unlink()


@contextmanager
def a_descriptor() -> Iterator[None]:
    reading, writing = os.pipe()
    try:
        yield
    finally:
        os.close(reading)
        os.close(writing)


@contextmanager
def a_socket() -> Iterator[None]:
    with socket.socket(socket.AF_UNIX):
        yield


@contextmanager
def a_thread() -> Iterator[None]:
    over = threading.Event()
    thread = threading.Thread(target=over.wait, name="left")
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@pytest.mark.parametrize(
    ("leave", "seen"),
    [
        (a_process, "process "),
        (a_process, "child process "),
        (a_file, "file "),
        (shared_memory, f"file /dev/shm/{MARKER}"),
        (a_descriptor, "descriptor "),
        (a_socket, "descriptor "),
        (a_thread, "thread left"),
    ],
)
def test_it_is_seen_and_then_gone(
    leave: Callable[[], AbstractContextManager[None]],
    seen: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # As the arena does: others make their files elsewhere.
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = remains_snapshot(MARKER)
    with leave():
        left = remains_snapshot(MARKER) - before
        assert any(line.startswith(seen) for line in left), left
    assert not remains_snapshot(MARKER) - before
