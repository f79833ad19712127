"""The demonstration's processes, and that none of them outlives it."""

import sys
import time
from pathlib import Path

from server.demo.processes import Processes

PARENT = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(99)"])
print(child.pid, flush=True)
time.sleep(99)
"""
STUBBORN = "import signal, time; signal.signal(15, signal.SIG_IGN); print('up', flush=True)\n"


def wait_for_line(log: Path) -> str:
    deadline = time.monotonic() + 20
    while not log.read_text() and time.monotonic() < deadline:
        time.sleep(0.02)
    return log.read_text().strip()


def is_running(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status")
    return status.exists() and "State:\tZ" not in status.read_text()


def test_it_stops_a_process_and_its_children(tmp_path: Path) -> None:
    with Processes(tmp_path) as processes:
        started = processes.start("parent", [sys.executable, "-c", PARENT], {})
        child = int(wait_for_line(started.log))
        assert is_running(child)
    assert started.process.returncode is not None
    deadline = time.monotonic() + 5
    while is_running(child) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not is_running(child)


def test_it_kills_what_does_not_listen(tmp_path: Path) -> None:
    processes = Processes(tmp_path)
    loop = STUBBORN + "while True: time.sleep(1)"
    started = processes.start("stubborn", [sys.executable, "-c", loop], {})
    assert wait_for_line(started.log) == "up"
    processes.stop(patience=0.2)
    assert started.process.returncode == -9


def test_it_tells_which_one_has_died_and_what_it_said(tmp_path: Path) -> None:
    with Processes(tmp_path) as processes:
        started = processes.start("short", [sys.executable, "-c", "print('last words')"], {})
        started.process.wait()
        assert processes.dead() is started
        assert started.tail() == "last words"
