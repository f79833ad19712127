"""A container that looks like a process with three pipes.

The engine sends standard output and error in one stream, piece by piece. A thread takes it apart
and never stops reading: a container whose stream is full hangs and can't be killed.
"""

import contextlib
import socket
import struct
import threading
from datetime import datetime
from typing import Any, BinaryIO, cast

from docker.errors import APIError

from evaluators.sandbox.docker.engine import CONFLICT, ENGINE_ERRORS, NOT_FOUND, Engine, reason
from evaluators.sandbox.pipes import ProcessTimeout

# Which stream, three unused bytes, how many bytes follow.
PIECE = struct.Struct(">BxxxL")
STDERR = 2
READ_BYTES = 65_536
# A program that a signal has ended has an exit status of this and the signal's number.
SIGNALLED = 128
AGAIN_SECONDS = 0.2
# Whoever waits without a limit has killed it before.
KILLED_SECONDS = 30


class ContainerProcess:
    """A container's main process.

    Args:
        engine: where the container is.
        container: its id; made, but not yet started.

    Attributes:
        returncode: its exit status, or None while it runs and when the engine was lost.
        lost: why the engine can't say any more what became of it; None while it can.
    """

    def __init__(self, engine: Engine, container: str) -> None:
        self.returncode: int | None = None
        self.lost: str | None = None
        self._engine = engine
        self._container = container
        self._ended = threading.Event()
        self._attached, self._stream = _attach(engine, container)
        self.stdin = cast(BinaryIO, self._stream.makefile("wb", buffering=0))
        # Sockets, not pipes: shutting one down wakes whoever waits at either end.
        self._output, self._output_end = socket.socketpair()
        self._log, self._log_end = socket.socketpair()
        self.stdout = cast(BinaryIO, self._output.makefile("rb", buffering=0))
        self.stderr = cast(BinaryIO, self._log.makefile("rb", buffering=0))
        self._taker = threading.Thread(target=self._take_apart, daemon=True)
        self._waiter = threading.Thread(target=self._await_end, daemon=True)
        self._killing = threading.Lock()
        self._killer = threading.Thread(target=self._kill, daemon=True)

    def start(self) -> None:
        """Starts the container; raises as the engine's client does."""
        self._engine.api.start(self._container)
        self._taker.start()
        self._waiter.start()

    def poll(self) -> int | None:
        """See `subprocess.Popen.poll`."""
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """See `subprocess.Popen.wait`."""
        if not self._ended.wait(KILLED_SECONDS if timeout is None else timeout):
            if timeout is not None:
                raise ProcessTimeout("container", timeout)
            self._lose(TimeoutError("a killed container does not end"))
        return -1 if self.returncode is None else self.returncode

    def kill(self) -> None:
        """Kills all processes of the container; what it still answers goes nowhere.

        Does not wait: the engine's answer may come only after all that was printed is taken, and
        this may be called by whoever takes it.
        """
        with self._killing:
            if self._killer.ident is None:
                self._killer.start()
        _shut(self._output)

    def free(self) -> None:
        """Closes its connections, once it has ended."""
        _shut(self._stream)
        _shut(self._output)
        # An engine that was lost may never answer; who waits for it is left behind.
        seconds = None if self.lost is None else KILLED_SECONDS
        for thread in (self._taker, self._waiter, self._killer):
            if thread.ident is not None:
                thread.join(seconds)
        for end in (self._stream, self._output, self._output_end, self._log, self._log_end):
            end.close()

    def _kill(self) -> None:
        if self._ended.is_set():
            return
        try:
            self._engine.api.kill(self._container)
        except ENGINE_ERRORS as error:
            over = isinstance(error, APIError) and error.status_code in (NOT_FOUND, CONFLICT)
            if not over:
                self._lose(error)

    def _lose(self, error: BaseException) -> None:
        self.lost = self.lost or reason(error)
        self._ended.set()
        _shut(self._stream)

    def _await_end(self) -> None:
        while not self._ended.is_set():
            try:
                status = int(self._engine.api.wait(self._container, timeout=None)["StatusCode"])
            except ENGINE_ERRORS as error:
                # Whatever stands between may have closed a connection that was silent for long.
                if not self._still_there():
                    self._lose(error)
                self._ended.wait(AGAIN_SECONDS)
                continue
            if status > SIGNALLED and self._killer.ident is None and self._stopped_by_others():
                self._lose(InterruptedError("somebody stopped the container"))
                return
            self.returncode = status
            self._ended.set()
            # Whoever still writes to it waits for nobody.
            _shut(self._stream, socket.SHUT_WR)

    def _still_there(self) -> bool:
        try:
            state: dict[str, Any] = self._engine.api.inspect_container(self._container)["State"]
        except ENGINE_ERRORS:
            return False
        return state["Running"] is True or state["Status"] == "exited"

    def _stopped_by_others(self) -> bool:
        """Whether an operator or the engine, ending itself, sent the signal that ended it.

        The engine keeps such an event; of a signal that comes from inside there is none.
        """
        try:
            state = self._engine.api.inspect_container(self._container)["State"]
            began, ended = (
                datetime.fromisoformat(state[key]).timestamp()
                for key in ("StartedAt", "FinishedAt")
            )
            events = self._engine.api.events(
                since=int(began),
                until=int(ended) + 1,
                filters={"container": self._container, "event": "kill"},
                decode=True,
            )
            return any(True for _ in events)
        except APIError:
            # It answers, but not this: a proxy before it may refuse. Then nothing speaks for it.
            return False
        except ENGINE_ERRORS:
            return True

    def _take_apart(self) -> None:
        output, log = self._output_end, self._log_end
        wanted = {output, log}
        with contextlib.suppress(OSError), output, log:
            while len(header := self._received(PIECE.size)) == PIECE.size:
                stream, left = PIECE.unpack(header)
                end = log if stream == STDERR else output
                while left and (piece := self._stream.recv(min(left, READ_BYTES))):
                    left -= len(piece)
                    if end in wanted and not _passed_on(end, piece):
                        wanted.discard(end)

    def _received(self, length: int) -> bytes:
        header = b""
        while len(header) < length and (piece := self._stream.recv(length - len(header))):
            header += piece
        return header


def _shut(end: socket.socket, how: int = socket.SHUT_RDWR) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(how)


def _passed_on(end: socket.socket, piece: bytes) -> bool:
    try:
        end.sendall(piece)
    except OSError:
        # Nobody reads it any more; the rest is thrown away.
        return False
    return True


def _attach(engine: Engine, container: str) -> tuple[object, socket.socket]:
    """Returns what must be kept, lest the client close the connection, and its socket."""
    attached = engine.api.attach_socket(
        container, params={"stdin": 1, "stdout": 1, "stderr": 1, "stream": 1}
    )
    # The client gives out a reader; what is written goes into the socket below it.
    stream: socket.socket = getattr(attached, "_sock", attached)
    stream.settimeout(None)
    return attached, stream
