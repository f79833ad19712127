"""What a dead worker left that was itself a container of the engine, found by that container."""

import socket
from collections.abc import Callable, Iterator
from typing import Any, cast

import pytest
from docker import APIClient
from docker.errors import NotFound

from evaluators.sandbox.docker.backend import Docker
from evaluators.sandbox.docker.engine import Engine, engine_connect, image_find
from evaluators.sandbox.docker.ownership import (
    HOME_LABEL,
    PROCESS_LABEL,
    SPACE_LABEL,
    is_leftover,
    labels,
    leftovers_remove,
    worker_home,
)
from tests.evaluators.sandbox.conftest import behaving
from tests.evaluators.sandbox.docker.conftest import containers

ID = "0123456789ab" * 5 + "cdef"
SINCE = "2026-11-30T21:00:00.5Z"
ELSEWHERE = {SPACE_LABEL: "another container", PROCESS_LABEL: "1:1"}


class RecordedEngine:
    """An engine that knows one container, by its id and by a name."""

    def __init__(self, running: bool = True, since: str = SINCE) -> None:
        self._state = {"Running": running, "StartedAt": since}

    def inspect_container(self, container: str) -> dict[str, Any]:
        if not (ID.startswith(container) or container == "feedfeedfeed"):
            raise NotFound("no such container")
        return {"Id": ID, "State": self._state}


def recorded(running: bool = True, since: str = SINCE) -> Engine:
    return Engine(cast(APIClient, RecordedEngine(running, since)), {})


def nothing() -> Engine:
    """An engine that nobody may ask."""
    return Engine(cast(APIClient, None), {})


@pytest.mark.parametrize(
    ("name", "engine", "home"),
    [
        (ID[:12], recorded, f"{ID}:{SINCE}"),
        # Of another engine, or of none; by its name another container is found.
        ("ffffffffffff", recorded, ""),
        ("feedfeedfeed", recorded, ""),
        ("worker.example.org", nothing, ""),
    ],
)
def test_a_worker_knows_its_container_by_its_host_name(
    name: str, engine: Callable[[], Engine], home: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: name)
    assert worker_home(engine()) == home


@pytest.mark.parametrize(
    ("engine", "home", "is_left"),
    [
        (recorded(), f"{ID}:{SINCE}", False),
        (recorded(running=False), f"{ID}:{SINCE}", True),
        (recorded(since="2026-11-30T21:00:07.5Z"), f"{ID}:{SINCE}", True),
        (recorded(), f"{'f' * 64}:{SINCE}", True),
        (nothing(), "", False),
    ],
    ids=["runs", "stopped", "started again", "gone", "in none"],
)
def test_a_session_is_over_when_its_workers_container_has_ended(
    engine: Engine, home: str, is_left: bool
) -> None:
    assert is_leftover(engine, labels(60, home) | ELSEWHERE) is is_left
    # In our own process space the process itself tells.
    assert not is_leftover(nothing(), labels(60, home))


@pytest.fixture
def home(runc: Docker, api: APIClient) -> Iterator[str]:
    """A container that runs, in place of a worker's."""
    image = image_find(engine_connect(), runc.runtime_digest)
    made: str = api.create_container(
        image.digest,
        [image.python, "-c", "import time; time.sleep(300)"],
        entrypoint=[],
        host_config=api.create_host_config(network_mode="none"),
    )["Id"]
    api.start(made)
    yield made
    api.remove_container(made, force=True)


def left(api: APIClient, name: str, home: str) -> bool:
    """Whether a sweep leaves a volume of a worker elsewhere with such a home."""
    api.create_volume(name, labels=labels(60, home) | ELSEWHERE)
    leftovers_remove(engine_connect())
    there = name in {volume["Name"] for volume in api.volumes()["Volumes"] or []}
    if there:
        api.remove_volume(name)
    return there


@pytest.mark.sandbox
@pytest.mark.docker
def test_what_a_worker_left_whose_container_was_started_again_is_removed(
    runc: Docker, api: APIClient, home: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: home[:12])
    with behaving(Docker(runc.runtime_digest, "runc"), "echo"):
        (own,) = containers(api)
        lived: str = api.inspect_container(own)["Config"]["Labels"][HOME_LABEL]
    assert lived.startswith(home)
    assert left(api, "springboard-test-home", lived)
    api.restart(home, timeout=0)
    assert not left(api, "springboard-test-home", lived)
    # One in whose place there is another now.
    assert not left(api, "springboard-test-home", f"{'f' * 64}:{SINCE}")
