"""Runs one command; once it ends or whoever asked for it is gone, ends all that it started.

Its standard input is a pipe that the asker holds open: the kernel closes it however the asker ends.
What the command starts belongs to this process even after the command's death, daemons too.
"""

import ctypes
import os
import select
import signal
import subprocess
import sys
from contextlib import suppress

import psutil

PR_SET_CHILD_SUBREAPER = 36
SECONDS_TO_END = 10.0


def main(signal_name: str, command: list[str]) -> int:
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    started = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    descriptor = os.pidfd_open(started.pid)
    select.select([sys.stdin, descriptor], [], [])
    if started.poll() is None:
        # Children of the command that sleep keep it from ending.
        for process in psutil.Process().children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                process.resume()
        started.send_signal(signal.Signals[signal_name])
        select.select([descriptor], [], [], SECONDS_TO_END)
    _kill_all()
    return started.wait()


def _kill_all() -> None:
    """Kills until nothing is left: who loses its parent becomes a child of this process."""
    me = psutil.Process()
    while left := me.children(recursive=True):
        for process in left:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(left, timeout=1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
