"""Things on this machine that a submission must not reach, so that to fail means something.

A socket that nobody listens on would refuse everybody: each of these answers who may come near.
"""

import contextlib
import json
import os
import socket
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

CANARY = "canary-of-the-host"
# What a host's secrets could be, as long as this process runs.
ENVIRONMENT_NAME = "SPRINGBOARD_ATTACK_CANARY"


@dataclass(frozen=True, slots=True)
class Bait:
    """Where it lies; each submission is told.

    Attributes:
        tcp: a port of this machine on which somebody listens.
        udp: another.
        abstract: the name of an abstract unix socket on which somebody listens.
        unix: the path of a unix socket on which somebody listens.
        file: a file that everybody may read, which holds `CANARY`.
        shared: a file in shared memory, which holds it too.
        labels: the tasks' hidden data.
        pid: this process.
    """

    tcp: int
    udp: int
    abstract: str
    unix: str
    file: str
    shared: str
    labels: str
    pid: int

    def text(self) -> str:
        """As it lies beside a submission."""
        return json.dumps(asdict(self))


@dataclass(frozen=True, slots=True)
class Trap:
    """The bait and who waits at it.

    Attributes:
        bait: what is told.
        waiting: by what each is called.
    """

    bait: Bait
    waiting: Mapping[str, socket.socket]

    def visits(self) -> tuple[str, ...]:
        """Where somebody came since this was last asked."""
        return tuple(name for name, one in self.waiting.items() if _visited(one))


def _visited(waiting: socket.socket) -> bool:
    found = False
    with contextlib.suppress(BlockingIOError):
        while True:
            if waiting.type == socket.SOCK_DGRAM:
                waiting.recv(100)
            else:
                waiting.accept()[0].close()
            found = True
    return found


@contextlib.contextmanager
def bait_laid(folder: Path, labels: Path) -> Iterator[Trap]:
    """Lays it out and takes it away again."""
    name = f"springboard-bait-{uuid.uuid4().hex[:12]}"
    file, shared = folder / "canary.txt", Path("/dev/shm") / name
    for path in (file, shared):
        path.write_text(CANARY)
        path.chmod(0o644)
    os.environ[ENVIRONMENT_NAME] = CANARY
    try:
        with contextlib.ExitStack() as stack:
            tcp = stack.enter_context(_listening(socket.AF_INET, ("127.0.0.1", 0)))
            udp = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
            udp.bind(("127.0.0.1", 0))
            udp.setblocking(False)
            abstract = stack.enter_context(_listening(socket.AF_UNIX, f"\0{name}"))
            path = folder / "socket"
            unix = stack.enter_context(_listening(socket.AF_UNIX, str(path)))
            path.chmod(0o777)
            bait = Bait(
                tcp=tcp.getsockname()[1],
                udp=udp.getsockname()[1],
                abstract=name,
                unix=str(path),
                file=str(file),
                shared=str(shared),
                labels=str(labels),
                pid=os.getpid(),
            )
            yield Trap(bait, {"tcp": tcp, "udp": udp, "abstract": abstract, "unix": unix})
    finally:
        shared.unlink()
        del os.environ[ENVIRONMENT_NAME]


@contextlib.contextmanager
def _listening(family: int, address: object) -> Iterator[socket.socket]:
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.bind(address)  # type: ignore[arg-type]  # a pair or a text, as the family wants
        listener.listen(64)
        listener.setblocking(False)
        yield listener
