"""A relay before the engine's socket, for tests that cut connections to it."""

import contextlib
import os
import socket
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

PIECE_BYTES = 65_536


class Relay:
    """Passes connections on to the engine that `DOCKER_HOST` names.

    Args:
        path: of the socket that it listens at.
    """

    def __init__(self, path: Path) -> None:
        self.address = f"unix://{path}"
        self._engine = os.environ["DOCKER_HOST"].removeprefix("unix://")
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(path))
        self._listener.listen()
        self._pairs: list[tuple[socket.socket, socket.socket, list[bytes]]] = []
        self._passing = threading.Event()
        self._passing.set()
        self._thread = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.cut()

    def hold(self) -> None:
        """Keeps all connections, and passes nothing on any more."""
        self._passing.clear()

    def cut(self) -> None:
        """Ends all connections, and takes no new ones."""
        _end(self._listener)
        self._listener.close()
        for client, engine, _ in self._pairs:
            _end(client)
            _end(engine)
        # Only now: the engine must not hear late what was asked of it before.
        self._passing.set()

    def cut_waiting(self) -> None:
        """Ends the connections on which somebody waits for a container's end."""
        cut = 0
        for client, engine, asked in self._pairs:
            if asked and b"/wait" in asked[-1].split(b"\r\n")[0]:
                _end(client)
                _end(engine)
                cut += 1
        assert cut == 1

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                engine = socket.socket(socket.AF_UNIX)
                engine.connect(self._engine)
                asked: list[bytes] = []
                self._pairs.append((client, engine, asked))
                for source, target, seen in ((client, engine, asked), (engine, client, [])):
                    threading.Thread(
                        target=self._pump, args=(source, target, seen), daemon=True
                    ).start()

    def _pump(self, source: socket.socket, target: socket.socket, seen: list[bytes]) -> None:
        with contextlib.suppress(OSError):
            while piece := source.recv(PIECE_BYTES):
                if piece[:5] in (b"POST ", b"GET /", b"DELET", b"PUT /", b"HEAD "):
                    seen.append(piece)
                self._passing.wait()
                target.sendall(piece)
        self._passing.wait()
        _end(target)


def _end(one: socket.socket) -> None:
    with contextlib.suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
