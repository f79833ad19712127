"""What all services have in common: they are started, stopped, killed and woken again."""

import os
import signal
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from contextlib import suppress
from pathlib import Path
from typing import ClassVar, Self

import psutil

from tests.services import keeper
from tests.services.ports import free_port


class Service(ABC):
    """A server on a port of its own, with its files under one folder.

    It is stopped when the `with` ends, and also when the process that started it is killed.
    """

    name: ClassVar[str]
    # The variable that leads Springboard to it.
    variable: ClassVar[str]
    # What asks it to end at once and in order.
    ends_at: ClassVar[str] = "SIGTERM"
    seconds_to_start: ClassVar[float] = 60

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.log = folder / f"{self.name}.log"
        self._keeper: subprocess.Popen[bytes] | None = None

    @classmethod
    @abstractmethod
    def missing(cls) -> str:
        """Says what to install; empty where it can be started."""

    @property
    @abstractmethod
    def url(self) -> str:
        """Where it is, as Springboard reads it."""

    def prepare(self) -> None:
        """Makes what the command needs, before each start."""
        self.folder.mkdir(parents=True, exist_ok=True)

    @abstractmethod
    def command(self) -> list[str]:
        """What runs it in the foreground."""

    def environment(self) -> dict[str, str]:
        return dict(os.environ)

    @abstractmethod
    def answers(self) -> bool:
        """Whether it can be used."""

    def start(self) -> None:
        """Starts it, with the data it had if it keeps any, and waits until it answers.

        Raises:
            RuntimeError: it runs already, can't be run here, ended or did not answer in time.
        """
        if self._keeper is not None:
            raise RuntimeError(f"{self.name} runs already")
        if missing := self.missing():
            raise RuntimeError(missing)
        self.prepare()
        with self.log.open("ab") as log:
            self._keeper = subprocess.Popen(
                [sys.executable, str(Path(keeper.__file__)), self.ends_at, *self.command()],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                env=self.environment(),
                start_new_session=True,
            )
        until = time.monotonic() + self.seconds_to_start
        while not self.answers():
            if self._keeper.poll() is not None or time.monotonic() > until:
                self.stop()
                end = self.log.read_text(errors="replace")[-4000:]
                raise RuntimeError(f"{self.name} did not start:\n{end}")
            time.sleep(0.02)

    def stop(self) -> None:
        """Ends it in order; what it wrote stays. Also where it was killed or never ran."""
        if self._keeper is None:
            return
        self._end()

    def kill(self) -> None:
        """Kills all its processes, as a power cut would."""
        for process in self.processes():
            with suppress(psutil.NoSuchProcess):
                process.kill()
        self._end()

    def pause(self) -> None:
        """Stops all its processes where they are: it neither answers nor refuses."""
        # Whoever could start another one first; and until there is nobody new.
        stopped: set[psutil.Process] = set()
        while new := [process for process in self.processes() if process not in stopped]:
            for process in new:
                with suppress(psutil.NoSuchProcess):
                    process.suspend()
            stopped.update(new)

    def resume(self) -> None:
        """Lets its processes go on."""
        for process in self.processes():
            with suppress(psutil.NoSuchProcess):
                process.resume()

    def processes(self) -> list[psutil.Process]:
        """The server's processes; none where it does not run."""
        if self._keeper is None:
            return []
        try:
            return psutil.Process(self._keeper.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            return []

    def _end(self) -> None:
        ended, self._keeper = self._keeper, None
        assert ended is not None
        assert ended.stdin is not None
        ended.stdin.close()
        try:
            ended.wait(keeper.SECONDS_TO_END + 20)
        except subprocess.TimeoutExpired:
            os.killpg(ended.pid, signal.SIGKILL)
            raise

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
