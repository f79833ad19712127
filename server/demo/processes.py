"""Starts the demonstration's processes, and stops every one of them."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

STOP_SECONDS = 8
TAIL_CHARACTERS = 1500


@dataclass(frozen=True, slots=True)
class Started:
    """A process that was started.

    Attributes:
        name: for messages.
        process: it.
        log: the file that has what it prints.
    """

    name: str
    process: "subprocess.Popen[bytes]"
    log: Path

    def tail(self) -> str:
        """The end of its log."""
        return self.log.read_text(errors="replace")[-TAIL_CHARACTERS:].strip()


class Processes:
    """A context manager: leaving it stops whatever was started in it.

    Args:
        logs: folder for their logs.
    """

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self._started: list[Started] = []

    def start(self, name: str, command: list[str], environment: Mapping[str, str]) -> Started:
        """Starts a process in a group of its own, so that Ctrl-C reaches only us."""
        self._logs.mkdir(parents=True, exist_ok=True)
        log = self._logs / f"{name}.log"
        with log.open("wb") as file:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                env={**os.environ, **environment},
                start_new_session=True,
            )
        started = Started(name, process, log)
        self._started.append(started)
        return started

    def dead(self) -> Started | None:
        """The first process that has ended, if any."""
        return next((one for one in self._started if one.process.poll() is not None), None)

    def stop(self, *, patience: float = STOP_SECONDS) -> None:
        """Asks all to end, waits for some seconds, and kills what is left of their groups."""
        for one in self._started:
            _signal(one, signal.SIGTERM)
        deadline = time.monotonic() + patience
        for one in self._started:
            with contextlib.suppress(subprocess.TimeoutExpired):
                one.process.wait(max(0.0, deadline - time.monotonic()))
        for one in self._started:
            _signal(one, signal.SIGKILL)
            one.process.wait()
        self._started.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()


def _signal(one: Started, number: signal.Signals) -> None:
    # The group: a server's children must not outlive it.
    with contextlib.suppress(ProcessLookupError):
        os.killpg(one.process.pid, number)
