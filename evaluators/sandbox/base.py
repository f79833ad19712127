"""The one interface of all sandboxes.

A sandbox runs a *program* (a Python package with `__main__.py`) on read-only *folders* under
limits, and talks to it in frames over its standard input and output; what the program and all
that it starts print to standard error is its log. Nothing that runs inside ever writes where the
host reads.

The session is opened and closed explicitly, and everything of a job travels through it, so that a
backend may keep preloaded processes and fork one for each session.
"""

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Self

from evaluators.devices.device import Device
from evaluators.report import Log
from evaluators.runner.frames import Frame, Kind
from evaluators.spec import Limits


class Ending(StrEnum):
    """Why a session is over, as seen from outside the sandbox."""

    EXITED = "exited"
    TIMEOUT = "timeout"
    OUT_OF_MEMORY = "out_of_memory"
    OUTPUT_LIMIT = "output_limit"
    BAD_FRAME = "bad_frame"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class SandboxSpec:
    """What to run, and what it may use.

    Attributes:
        program: the folder of a package with `__main__.py`, which imports its own modules
            relatively, and else the standard library and numpy only.
        arguments: what the program gets on its command line.
        folders: folders that it may read, by name; `Session.path` says where it sees them.
        limits: time, memory, processors, output.
        on_log: called with the log so far while more is printed, from another thread; must be
            quick and must not raise.
        cancelled: the session is killed soon after this is set.
        device: the one accelerator that it may see; None for none at all. Who opens a session on it
            holds its lock (`evaluators.devices.slots`), and has no other session on it.
    """

    program: Path
    limits: Limits
    arguments: tuple[str, ...] = ()
    folders: Mapping[str, Path] = field(default_factory=dict)
    on_log: Callable[[Log], None] | None = None
    cancelled: threading.Event | None = None
    device: Device | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is known of a session after its end.

    Attributes:
        ending: why it ended.
        how: exit status or signal in words, for `EXITED`.
        log: what was printed.
        wall_seconds: from opening to the end.
        peak_memory_mb: largest memory use of all its processes; 0 where the machine can't tell.
    """

    ending: Ending
    how: str
    log: Log
    wall_seconds: float
    peak_memory_mb: float


class SessionStopped(Exception):
    """The other side is gone: it ended by itself or was stopped for a limit.

    Neither a verdict nor a fault of ours yet: whoever talks to the session knows whether the
    handshake had been made, and decides.
    """

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(f"{outcome.ending}: {outcome.how}")
        self.outcome = outcome


class Session(ABC):
    """A running program. Use it as a context manager: leaving kills whatever is left."""

    @abstractmethod
    def path(self, name: str) -> str:
        """Where the program sees one of `SandboxSpec.folders`."""

    @abstractmethod
    def send(self, kind: Kind, payload: bytes | memoryview = b"") -> None:
        """Sends a frame.

        Raises:
            SessionStopped: the program is gone, or does not read before its time is over.
        """

    @abstractmethod
    def receive(self, limit: int) -> Frame:
        """Waits for the next frame, of at most `limit` bytes.

        Raises:
            SessionStopped: the program is gone, or sent something that is no frame or too large.
        """

    @abstractmethod
    def close(self) -> Outcome:
        """Kills whatever still runs and returns what is known. May be called again."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


class Sandbox(ABC):
    """A backend.

    Attributes:
        name: as `evaluators.sandbox.select.sandbox_select` knows it.
        own_kernel: whether programs talk to a kernel of their own, so that namespaces that they
            make in it and processes that they trace there are nobody else's.
    """

    name: str
    own_kernel: bool = False

    @property
    @abstractmethod
    def runtime_digest(self) -> str:
        """Identifies the interpreter and packages that programs run with."""

    @property
    @abstractmethod
    def notes(self) -> tuple[str, ...]:
        """What this backend can't enforce on this machine, in words; empty if it enforces all."""

    @abstractmethod
    def open(self, spec: SandboxSpec) -> Session:
        """Starts a program.

        Raises:
            InfrastructureError: it can't be started.
        """
