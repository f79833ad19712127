"""A sandbox that isn't one: programs run as threads of this process, in milliseconds.

For tests of what talks to a sandbox. It keeps the interface's promises (the conformance suite runs
against it too) and isolates nothing, so it runs only what a test gives it.
"""

import contextlib
import socket
import threading
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import BinaryIO, cast

from evaluators.sandbox.base import Sandbox, SandboxSpec, Session
from evaluators.sandbox.pipes import PipeSession, ProcessTimeout

Serve = Callable[[BinaryIO, BinaryIO, BinaryIO], None]
KILLED = -9


class FakeSandbox(Sandbox):
    """Runs functions in place of programs.

    Args:
        programs: the function of each program's folder; it gets standard input, output and error.
            Returning is exit status 0; it may also raise SystemExit, or MemoryError for having
            been killed for memory.
    """

    name = "fake"

    def __init__(self, programs: Mapping[Path, Serve]) -> None:
        self._programs = programs

    @property
    def runtime_digest(self) -> str:
        """See `Sandbox.runtime_digest`."""
        return "fake"

    @property
    def notes(self) -> tuple[str, ...]:
        """See `Sandbox.notes`."""
        return ("nothing is isolated: this is a fake for tests",)

    def open(self, spec: SandboxSpec) -> Session:
        """See `Sandbox.open`."""
        process = ThreadProcess(self._programs[spec.program])
        return PipeSession(
            process=process,
            spec=spec,
            paths={name: str(path) for name, path in spec.folders.items()},
            kill=process.kill,
            out_of_memory=lambda: process.out_of_memory,
            peak_memory_mb=lambda: 0.0,
            cleanup=process.free,
        )


class ThreadProcess:
    """A thread that looks like a process with three pipes.

    Sockets stand for the pipes, because shutting one down wakes a thread that waits for it.
    """

    def __init__(self, serve: Serve) -> None:
        self.returncode: int | None = None
        self.out_of_memory = False
        self._lock = threading.Lock()
        ours, theirs = socket.socketpair()
        our_log, their_log = socket.socketpair()
        self._sockets = (ours, theirs, our_log, their_log)
        self.stdin = cast(BinaryIO, ours.makefile("wb", buffering=0))
        self.stdout = cast(BinaryIO, ours.makefile("rb", buffering=0))
        self.stderr = cast(BinaryIO, our_log.makefile("rb", buffering=0))
        self._thread = threading.Thread(
            target=self._run,
            args=(
                serve,
                theirs.makefile("rb", buffering=0),
                theirs.makefile("wb", buffering=0),
                their_log.makefile("wb", buffering=0),
            ),
            daemon=True,
        )
        self._thread.start()

    def poll(self) -> int | None:
        """See `subprocess.Popen.poll`."""
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """See `subprocess.Popen.wait`."""
        self._thread.join(timeout)
        if self.returncode is None:
            raise ProcessTimeout("thread", timeout or 0)
        return self.returncode

    def kill(self) -> None:
        """See `subprocess.Popen.kill`."""
        self._end(KILLED)

    def free(self) -> None:
        """Closes the sockets."""
        for one in self._sockets:
            one.close()

    def _run(self, serve: Serve, stdin: BinaryIO, stdout: BinaryIO, stderr: BinaryIO) -> None:
        status = 0
        try:
            serve(stdin, stdout, stderr)
        except SystemExit as ending:
            status = ending.code if isinstance(ending.code, int) else 1
        except MemoryError:
            self.out_of_memory, status = True, KILLED
        except Exception:  # a program may end in any way, as a process may
            status = 1
            with contextlib.suppress(OSError):
                stderr.write(traceback.format_exc().encode())
        self._end(status)

    def _end(self, status: int) -> None:
        with self._lock:
            if self.returncode is None:
                self.returncode = status
        for one in self._sockets[1::2]:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR if status == KILLED else socket.SHUT_WR)
