"""A session over the pipes of a process: what bubblewrap and the student's own machine share.

The caller reads and writes with ordinary blocking calls. A watch thread looks after time, memory,
output and cancellation; it kills the process, which ends those calls, and remembers why.
"""

import contextlib
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from typing import IO, BinaryIO, Protocol, cast

from evaluators.report import Log
from evaluators.runner.frames import Frame, FrameError, Kind, read_frame, write_frame
from evaluators.sandbox.base import Ending, Outcome, SandboxSpec, Session, SessionStopped

WATCH_SECONDS = 0.05
READ_BYTES = 65_536
# The log is passed on at most this often.
TELL_SECONDS = 0.5
EXIT_SECONDS = 0.5
# How long a killed process may take to vanish before the worker goes on without it.
REAP_SECONDS = 10


class Process(Protocol):
    """What a session needs of a `subprocess.Popen`."""

    returncode: int | None

    @property
    def stdin(self) -> IO[bytes] | None:
        """Its input."""

    @property
    def stdout(self) -> IO[bytes] | None:
        """Its output."""

    @property
    def stderr(self) -> IO[bytes] | None:
        """What it prints."""

    def poll(self) -> int | None:
        """Its exit status, or None while it runs."""

    def wait(self, timeout: float | None = None) -> int:
        """Waits for its exit status; raises `ProcessTimeout`."""

    def kill(self) -> None:
        """Kills it."""


ProcessTimeout = subprocess.TimeoutExpired


class LogBuffer:
    """What is printed, up to a cap; past it only counted, so that the printer never blocks."""

    def __init__(self, kept_bytes: int) -> None:
        self._kept_bytes = kept_bytes
        self._content = bytearray()
        self._lock = threading.Lock()
        self.total = 0

    def add(self, piece: bytes) -> None:
        """Takes what was printed."""
        with self._lock:
            self.total += len(piece)
            self._content += piece[: self._kept_bytes - len(self._content)]

    def log(self) -> Log:
        """The log so far."""
        with self._lock:
            text = self._content.decode("utf-8", errors="replace")
            # NUL can't be stored in a database's text.
            return Log(text.replace("\0", "�"), self.total - len(self._content))


class PipeSession(Session):
    """A session with a process.

    Args:
        process: started with pipes for its three standard streams, unbuffered.
        spec: what it was started for.
        paths: where it sees the folders.
        kill: kills the process and all that it started.
        out_of_memory: whether memory ran out; asked repeatedly, and once after the end.
        peak_memory_mb: largest memory use so far.
        cleanup: called once after the end.
    """

    def __init__(
        self,
        *,
        process: Process,
        spec: SandboxSpec,
        paths: Mapping[str, str],
        kill: Callable[[], None],
        out_of_memory: Callable[[], bool],
        peak_memory_mb: Callable[[], float],
        cleanup: Callable[[], None],
    ) -> None:
        self._process = process
        self._spec = spec
        self._paths = paths
        self._kill = kill
        self._out_of_memory = out_of_memory
        self._peak_memory_mb = peak_memory_mb
        self._cleanup = cleanup
        self._stdin = cast(BinaryIO, process.stdin)
        self._stdout = cast(BinaryIO, process.stdout)
        self._stderr = cast(BinaryIO, process.stderr)
        self._started = time.monotonic()
        self._ending: Ending | None = None
        self._outcome: Outcome | None = None
        self._over = threading.Event()
        self._buffer = LogBuffer(spec.limits.log_kb * 1024)
        self._drain = threading.Thread(target=self._drain_log, daemon=True)
        self._watch = threading.Thread(target=self._watch_limits, daemon=True)
        self._drain.start()
        self._watch.start()

    def path(self, name: str) -> str:
        """See `Session.path`."""
        return self._paths[name]

    def send(self, kind: Kind, payload: bytes | memoryview = b"") -> None:
        """See `Session.send`."""
        try:
            write_frame(self._stdin, kind, payload)
        except (OSError, ValueError):
            raise SessionStopped(self._ended()) from None

    def receive(self, limit: int) -> Frame:
        """See `Session.receive`."""
        try:
            return read_frame(self._stdout, limit)
        except FrameError:
            self._stop(Ending.BAD_FRAME)
        except (EOFError, OSError, ValueError):
            # It is gone; `_ended` says why.
            pass
        raise SessionStopped(self._ended())

    def close(self) -> Outcome:
        """See `Session.close`."""
        if self._outcome is not None:
            return self._outcome
        self._over.set()
        self._kill()
        self._reap()
        self._drain.join(REAP_SECONDS)
        self._watch.join(REAP_SECONDS)
        for stream in (self._stdin, self._stdout, self._stderr):
            # What was not flushed is of no interest any more.
            with contextlib.suppress(OSError):
                stream.close()
        if self._ending is None and self._out_of_memory():
            self._ending = Ending.OUT_OF_MEMORY
        self._outcome = Outcome(
            ending=self._ending or Ending.EXITED,
            how=_in_words(self._process.returncode),
            log=self._buffer.log(),
            wall_seconds=time.monotonic() - self._started,
            peak_memory_mb=self._peak_memory_mb(),
        )
        self._cleanup()
        return self._outcome

    def _ended(self) -> Outcome:
        # A process that closed its end gets a moment to end, so that its status is known.
        with contextlib.suppress(ProcessTimeout):
            self._process.wait(EXIT_SECONDS)
        return self.close()

    def _stop(self, ending: Ending) -> None:
        self._ending = self._ending or ending
        self._kill()

    def _reap(self) -> None:
        try:
            self._process.wait(REAP_SECONDS)
        except ProcessTimeout:
            self._process.kill()
            self._process.wait()

    def _watch_limits(self) -> None:
        deadline = self._started + self._spec.limits.wall_seconds
        cancelled = self._spec.cancelled
        told, told_at = 0, 0.0
        while self._process.poll() is None and not self._over.wait(WATCH_SECONDS):
            now = time.monotonic()
            if cancelled is not None and cancelled.is_set():
                self._stop(Ending.CANCELLED)
            elif now > deadline:
                self._stop(Ending.TIMEOUT)
            elif self._out_of_memory():
                self._stop(Ending.OUT_OF_MEMORY)
            if self._spec.on_log and self._buffer.total > told and now > told_at + TELL_SECONDS:
                told, told_at = self._buffer.total, now
                self._spec.on_log(self._buffer.log())

    def _drain_log(self) -> None:
        # Goes on past the cap: a program whose pipe is full would hang instead of ending.
        with contextlib.suppress(OSError, ValueError):
            while piece := self._stderr.read(READ_BYTES):
                self._buffer.add(piece)
                if self._buffer.total > self._spec.limits.output_mb * 2**20:
                    self._stop(Ending.OUTPUT_LIMIT)


def _in_words(status: int | None) -> str:
    if status is None:
        return "no exit status"
    # bubblewrap reports the signal that ended its child as 128 + number.
    number = -status if status < 0 else status - 128
    if status < 0 or status > 128:
        try:
            return f"killed by {signal.Signals(number).name}"
        except ValueError:
            return f"exit status {status}"
    return f"exit status {status}"
