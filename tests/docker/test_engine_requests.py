"""What a worker asks of the engine: no more than docker/compose.proxy.yaml passes on."""

import os
import re
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from evaluators.runner import RUNNER
from evaluators.runner.frames import Kind
from evaluators.sandbox import SandboxSpec, sandbox_select
from evaluators.sandbox.trial import LIMITS
from tests.docker.compose import services
from tests.docker.test_compose import FILLED
from tests.evaluators.backends import IMAGE_VARIABLE, backend

pytestmark = [pytest.mark.docker, pytest.mark.sandbox]

_REQUEST = re.compile(rb"(GET|HEAD|POST|PUT|DELETE) (/[!-~]+) HTTP/1\.1\r\n")
_WORDS = {"_ping": "PING"}


class Recorder:
    """A socket before the engine's, that passes on everything and writes requests down.

    Args:
        address: of the engine's socket.
        path: of its own.
    """

    def __init__(self, address: Path, path: Path) -> None:
        self.requests: set[tuple[str, str]] = set()
        self._address = address
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(path))
        self._listener.listen(64)

    def serve(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(str(self._address))
                for source, target in ((client, server), (server, client)):
                    threading.Thread(target=self._pass, args=(source, target), daemon=True).start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _pass(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while chunk := source.recv(65536):
                for method, path in _REQUEST.findall(chunk):
                    self.requests.add((method.decode(), path.decode()))
                target.sendall(chunk)
            target.shutdown(socket.SHUT_WR)


@contextmanager
def recording(monkeypatch: pytest.MonkeyPatch) -> Iterator[Recorder]:
    address = Path(os.environ.get("DOCKER_HOST", "/var/run/docker.sock").removeprefix("unix://"))
    # pytest's own folders are too long for a socket's path.
    with tempfile.TemporaryDirectory() as folder:
        recorder = Recorder(address, Path(folder) / "s")
        threading.Thread(target=recorder.serve, daemon=True).start()
        monkeypatch.setenv("DOCKER_HOST", f"unix://{folder}/s")
        try:
            yield recorder
        finally:
            recorder.close()


def section(path: str) -> str:
    """The part of the API that a path belongs to, as the proxy calls it."""
    word = re.sub(r"^/v[\d.]+", "", path).split("/")[1].split("?")[0]
    return _WORDS.get(word, word.upper())


def test_a_session_asks_only_for_what_the_proxy_passes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    backend("docker+runc")  # skips where there is none
    with recording(monkeypatch) as recorder:
        sandbox = sandbox_select("docker+runc", image=os.environ[IMAGE_VARIABLE])
        with sandbox.open(SandboxSpec(program=RUNNER, limits=LIMITS)) as session:
            assert session.receive(64).kind is Kind.HELLO
    asked = {section(path) for _, path in recorder.requests}
    assert {"CONTAINERS", "VOLUMES", "IMAGES", "INFO", "VERSION"} <= asked
    proxy = services("compose.yaml", "compose.proxy.yaml", settings=FILLED)["engine"]["environment"]
    assert asked <= {name for name, value in proxy.items() if value == 1}
    # An image is only looked at: never fetched, made or removed.
    assert {method for method, path in recorder.requests if section(path) == "IMAGES"} == {"GET"}
    assert not [path for _, path in recorder.requests if "/exec" in path or "privileged" in path]
