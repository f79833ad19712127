"""Containers started as the compose files say, on one machine without any network of their own."""

import io
import tarfile
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import docker
from docker.models.containers import Container
from docker.models.volumes import Volume

from tests.docker.compose import services

SERVER_USER = 10001
SOCKET = "/run/engine.sock"
VAR = "/var/lib/springboard"
LABELS = {"org.springboard.test": "images"}
# In place of PostgreSQL and Redis, whose images come from a registry.
EMBEDDED = {
    "DATABASE_URL": f"sqlite:///{VAR}/db.sqlite3",
    "BROKER_URL": "filesystem://",
    "CACHE_URL": "",
}


class Containers:
    """Runs services of docker/compose.yaml that share one volume.

    Args:
        engine: where.
        settings: what docker/.env would hold.

    Attributes:
        environment: what every service is told besides.
        volume: where they keep everything.
    """

    def __init__(self, engine: docker.DockerClient, settings: Mapping[str, str]) -> None:
        self._engine = engine
        self.environment = {**settings, **EMBEDDED}
        self._services = services("compose.yaml", settings=settings)
        self._started: list[Container] = []
        self.volume: Volume = engine.volumes.create(labels=LABELS)

    def start(self, service: str, *arguments: str) -> Container:
        """Starts a service; arguments take the place of its command."""
        container = self._create(service, list(arguments))
        container.start()
        return container

    def run(self, service: str, *arguments: str) -> str:
        """Runs a service to its end, and returns what it printed; fails if it failed."""
        container = self.start(service, *arguments)
        status = container.wait()["StatusCode"]
        printed = container.logs().decode()
        assert status == 0, printed
        return printed

    def put(self, folder: Path) -> str:
        """Copies a folder into the volume, and returns where services find it."""
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w") as archive:
            archive.add(folder, folder.name, filter=_of_the_server)
        self._create("web", ["true"]).put_archive(VAR, packed.getvalue())
        return f"{VAR}/{folder.name}"

    def remove(self) -> None:
        for container in self._started:
            container.remove(force=True)
        self.volume.remove()

    def _create(self, name: str, arguments: list[str]) -> Container:
        service = self._services[name]
        container = self._engine.containers.create(
            service["image"],
            command=arguments or service.get("command"),
            entrypoint=service.get("entrypoint"),
            environment={**service["environment"], **self.environment},
            volumes=[self._mounted(volume) for volume in service["volumes"]],
            group_add=service.get("group_add", []),
            tmpfs=dict.fromkeys(service["tmpfs"], ""),
            read_only=service["read_only"],
            cap_drop=service["cap_drop"],
            security_opt=service["security_opt"],
            init=service["init"],
            # The engine of the tests has no bridge; what listens, listens on the loopback.
            network_mode="host",
            labels=LABELS,
        )
        self._started.append(container)
        return container

    def _mounted(self, volume: str) -> str:
        source, _, rest = volume.partition(":")
        return f"{self.volume.name}:{rest}" if source == "var" else volume


@contextmanager
def containers(engine: docker.DockerClient, settings: Mapping[str, str]) -> Iterator[Containers]:
    """Containers that are gone afterwards, with their volume."""
    started = Containers(engine, settings)
    try:
        yield started
    finally:
        started.remove()


def told(container: Container, *command: str) -> tuple[int, str]:
    """The exit status of a command in a container, and what it printed."""
    status, printed = container.exec_run(list(command))
    return status or 0, cast(bytes, printed).decode()


def files_of(engine: docker.DockerClient, image: str) -> dict[str, tarfile.TarInfo]:
    """All files of an image, by their paths."""
    container = engine.containers.create(image, command=["true"], labels=LABELS)
    try:
        with tempfile.TemporaryFile() as file:
            file.writelines(cast(Iterable[bytes], container.export()))
            file.seek(0)
            with tarfile.open(fileobj=file) as archive:
                return {member.name: member for member in archive}
    finally:
        container.remove()


def _of_the_server(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = SERVER_USER
    return member
