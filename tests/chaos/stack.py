"""The server's real processes on one database and one broker."""

import functools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tests.chaos.parts import Broker, Database
from tests.server.processes import ROOT, free_port

# The storage's folder in the stack's.
STORAGE = "storage"
READY_SECONDS = 60.0
STOP_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Timing:
    """How fast the server notices; slower in a real installation.

    Attributes:
        lease: seconds after which a silent worker is taken for dead.
        sweep: seconds between two sweeps.
    """

    lease: int = 5
    sweep: int = 1


@dataclass(slots=True)
class Running:
    """A process of the stack, in a group of its own with its children.

    Attributes:
        name: for messages.
        process: the first of the group.
        log: what it prints.
    """

    name: str
    process: "subprocess.Popen[bytes]"
    log: Path

    @property
    def alive(self) -> bool:
        """Whether its first process lives."""
        return self.process.poll() is None

    def send(self, number: signal.Signals) -> None:
        """Sends a signal to the whole group."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)

    def kill(self) -> None:
        """Kills the whole group, as a power cut would."""
        self.send(signal.SIGKILL)
        self.process.wait()


class Stack:
    """The web process and the workers, and all that they share.

    Args:
        name: of the stack, for the table.
        folder: where it keeps everything.
        timing: how fast the server notices.
        database: its database.
        broker: its broker.
    """

    def __init__(
        self, *, name: str, folder: Path, timing: Timing, database: Database, broker: Broker
    ) -> None:
        self.name = name
        self.folder = folder
        self.timing = timing
        self.database = database
        self.broker = broker
        self.port = free_port()
        self.web: Running | None = None
        self.workers: list[Running] = []
        self._dead: list[Running] = []
        self._recent: list[Running] = []
        self._started = 0
        for inner in ("tmp", "log"):
            (folder / inner).mkdir(exist_ok=True)

    @property
    def address(self) -> str:
        """Where the web process serves."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def var(self) -> Path:
        """What SPRINGBOARD_VAR says."""
        return self.folder / "var"

    @property
    def environment(self) -> dict[str, str]:
        """What its processes find in their environment, and the suite in its own."""
        return {
            "DJANGO_SETTINGS_MODULE": "server.settings.dev",
            "SPRINGBOARD_VAR": str(self.var),
            "SPRINGBOARD_TASKS": str(self.folder / "tasks"),
            "SPRINGBOARD_SANDBOX": "bubblewrap",
            "SPRINGBOARD_LEASE_SECONDS": str(self.timing.lease),
            "SPRINGBOARD_SWEEP_SECONDS": str(self.timing.sweep),
            "DATABASE_URL": self.database.url,
            "BROKER_URL": self.broker.url,
            "STORAGE_URL": f"file://{self.folder / STORAGE}",
            "TMPDIR": str(self.folder / "tmp"),
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
        }

    @property
    def mark(self) -> str:
        """What only its processes, and what they start, have in their environment."""
        return f"SPRINGBOARD_CHAOS={self.folder}"

    def web_start(self, **changes: str) -> Running:
        """Starts the web process and waits until it answers."""
        arguments = ["-m", "gunicorn", "-c", "server/gunicorn_conf.py", "server.wsgi"]
        self.web = self._start("web", arguments, BIND=f"127.0.0.1:{self.port}", **changes)
        self._ready(self.web, lambda: "Listening at" in _text(self.web))
        return self.web

    def worker_start(self, *, wait: bool = True, **changes: str) -> Running:
        """Starts a worker with one slot, which sweeps too."""
        worker = self._start("worker", ["manage.py", "worker", "--beat"], **changes)
        self.workers.append(worker)
        if wait:
            self.workers_wait()
        return worker

    def workers_wait(self) -> None:
        """Waits until all workers that live listen."""
        for worker in self.workers:
            if worker.alive:
                self._ready(worker, functools.partial(_is_ready, worker))

    def crew(
        self, number: int = 2, *, wait: bool = True, changes: Mapping[str, str] | None = None
    ) -> None:
        """Makes it so many living workers, as whatever supervises them would."""
        self._dead += [worker for worker in self.workers if not worker.alive]
        self.workers = [worker for worker in self.workers if worker.alive]
        while len(self.workers) < number:
            self.worker_start(wait=False, **(changes or {}))
        if wait:
            self.workers_wait()

    def worker_of(self, main_pid: int) -> Running:
        """The worker whose main process has this number."""
        return next(worker for worker in self.workers if worker.process.pid == main_pid)

    def processes_kill(self) -> None:
        """Kills the web process and all workers, with all that they started."""
        for one in (self.web, *self.workers):
            if one is not None:
                one.send(signal.SIGCONT)
                one.kill()
        self.web, self.workers = None, []
        self.left_kill()

    def left_kill(self) -> None:
        """Kills what dead workers left; there should be nothing."""
        for worker in self._dead:
            worker.send(signal.SIGKILL)
        self._dead.clear()

    def processes_stop(self) -> None:
        """Asks all to end, and kills what does not."""
        asked = [one for one in (self.web, *self.workers) if one is not None]
        for one in asked:
            if one.alive:
                one.process.terminate()
        until = time.monotonic() + STOP_SECONDS
        for one in asked:
            with suppress(subprocess.TimeoutExpired):
                one.process.wait(max(0.0, until - time.monotonic()))
        self.processes_kill()

    def close(self) -> None:
        """Ends everything."""
        self.processes_kill()
        self.broker.stop()
        self.database.stop()

    def begin(self) -> None:
        """From here on, `tail` tells what runs now and what is started later."""
        self._recent = [one for one in self._recent if one.alive]

    def tail(self, characters: int = 3000) -> str:
        """The ends of the logs of all that ran since `begin`."""
        return "\n".join(
            f"--- {one.name}, {'alive' if one.alive else f'ended with {one.process.returncode}'}\n"
            f"{_telling(one)[-characters:]}"
            for one in self._recent
        )

    def _start(self, name: str, arguments: list[str], **changes: str) -> Running:
        self._started += 1
        title = f"{name}-{self._started}"
        log = self.folder / "log" / f"{title}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=ROOT,
                env=os.environ | self.environment | changes | dict([self.mark.split("=")]),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self._recent.append(Running(title, process, log))
        return self._recent[-1]

    def _ready(self, one: Running, is_ready: Callable[[], bool]) -> None:
        until = time.monotonic() + READY_SECONDS
        while not is_ready():
            if not one.alive or time.monotonic() > until:
                raise RuntimeError(f"{one.name} does not start:\n{_text(one)[-4000:]}")
            time.sleep(0.05)


def _is_ready(one: Running) -> bool:
    return " ready." in _text(one)


def _text(one: Running | None) -> str:
    return one.log.read_text(errors="replace") if one else ""


def _telling(one: Running) -> str:
    """Its log without how it began, and what is told of every job."""
    lines = _text(one).partition("ready.\n")[2].splitlines() or _text(one).splitlines()
    return "\n".join(line for line in lines if " INFO celery." not in line)
