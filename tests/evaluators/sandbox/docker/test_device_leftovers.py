"""What dead workers leave on a device is gone before the next program gets it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, cast

import pytest
from docker import APIClient
from docker.errors import APIError
from requests import Response

from evaluators.devices.device import Device
from evaluators.errors import InfrastructureError
from evaluators.sandbox.base import SandboxSpec
from evaluators.sandbox.docker import container as docker_container
from evaluators.sandbox.docker import ownership
from evaluators.sandbox.docker.backend import Docker
from evaluators.sandbox.docker.engine import Engine, engine_connect, image_find
from evaluators.sandbox.docker.ownership import (
    DEVICE_LABEL,
    PROCESS_LABEL,
    SANDBOX_LABEL,
    SPACE_LABEL,
    device_clear,
    device_labels,
    labels,
)
from tests.evaluators.sandbox.conftest import behaving
from tests.evaluators.sandbox.docker.conftest import containers

GPU, OTHER_GPU = (
    Device(uuid=f"GPU-7d0a3c1e-5b0f-4d7e-9f53-2a7c1d6f0b1{number}", name="", memory_mb=0, nodes=())
    for number in (1, 2)
)
ELSEWHERE = {SPACE_LABEL: "another container", PROCESS_LABEL: "1:1"}


class RecordedEngine:
    """An engine that knows containers by their labels, and removes them as it is told to.

    Args:
        found: labels of its containers, by id.
        refusal: what it answers instead of removing one: status and words.
        lists: how often such a one is still listed.
    """

    def __init__(
        self,
        found: dict[str, dict[str, str]],
        refusal: tuple[int, str] | None = None,
        lists: int = 1_000_000,
    ) -> None:
        self.found = dict(found)
        self.asked: list[str] = []
        self._refusal = refusal
        self._lists = lists

    def containers(self, *, all: bool, filters: dict[str, list[str]]) -> list[dict[str, Any]]:  # noqa: A002 as the client's
        assert all
        wanted = [line.split("=") for line in filters["label"]]
        if self._lists == 0:
            self.found.clear()
        self._lists -= 1
        return [
            {"Id": name}
            for name, labelled in self.found.items()
            if [labelled.get(label) for label, _ in wanted] == [value for _, value in wanted]
        ]

    def remove_container(self, container: str, *, force: bool, v: bool) -> None:
        assert force
        assert not v
        self.asked.append(container)
        if self._refusal is not None:
            status, words = self._refusal
            response = Response()
            response.status_code = status
            raise APIError("refused", response=response, explanation=words)
        del self.found[container]


def clear(recorded: RecordedEngine) -> None:
    device_clear(Engine(cast(APIClient, recorded), {}), GPU)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ownership, "CLEAR_AGAIN_SECONDS", 0.01)


def on(device: Device | None) -> dict[str, str]:
    return labels(60) | ELSEWHERE | device_labels(device)


def test_whatever_has_the_device_is_removed_and_nothing_else() -> None:
    recorded = RecordedEngine(
        {
            "elsewhere": on(GPU),
            "ours": labels(60) | device_labels(GPU),
            "another device": on(OTHER_GPU),
            "no device": on(None),
            "not ours": {DEVICE_LABEL: GPU.uuid},
        }
    )
    clear(recorded)
    assert recorded.asked == ["elsewhere", "ours"]
    assert set(recorded.found) == {"another device", "no device", "not ours"}


def test_what_another_sweep_is_removing_is_waited_for() -> None:
    refusal = (409, "removal of container left is already in progress")
    recorded = RecordedEngine({"left": on(GPU)}, refusal, lists=3)
    clear(recorded)
    assert recorded.asked == ["left"] * 3
    assert recorded.found == {}


@pytest.mark.parametrize(
    ("refusal", "said"),
    [
        ((500, "could not kill it"), f"did not free the device {GPU.uuid} .*could not kill it"),
        ((409, "removal is already in progress"), f"{GPU.uuid} is not free: .* container left"),
    ],
)
def test_a_device_that_is_not_freed_is_our_fault(
    refusal: tuple[int, str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ownership, "CLEAR_SECONDS", 0.1)
    with pytest.raises(InfrastructureError, match=said):
        clear(RecordedEngine({"left": on(GPU)}, refusal))


@contextmanager
def left_behind(api: APIClient, image: str, device: Device | None) -> Iterator[str]:
    """A container that runs, as a worker of another process space leaves it."""
    python = image_find(engine_connect(), image).python
    command = [python, "-c", "import time; time.sleep(300)"]
    host = api.create_host_config(network_mode="none")
    made: str = api.create_container(
        image, command, entrypoint=[], labels=on(device), host_config=host
    )["Id"]
    try:
        api.start(made)
        yield made
    finally:
        if made in of_sandboxes(api):
            api.remove_container(made, force=True)


def of_sandboxes(api: APIClient) -> set[str]:
    ours = {"label": f"{SANDBOX_LABEL}=1"}
    return {str(found["Id"]) for found in api.containers(all=True, filters=ours)}


@pytest.fixture
def no_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine is asked for no device, nor to lock memory for one: it need not have any."""
    restrictions = docker_container.restrictions

    def without(spec: SandboxSpec, *others: str) -> dict[str, Any]:
        return restrictions(replace(spec, device=None), *others)

    monkeypatch.setattr(docker_container, "restrictions", without)


@pytest.mark.sandbox
@pytest.mark.docker
@pytest.mark.usefixtures("no_gpu")
def test_a_session_with_a_device_begins_without_another_ones_leftovers(
    runc: Docker, api: APIClient
) -> None:
    image = runc.runtime_digest
    with (
        left_behind(api, image, GPU) as same,
        left_behind(api, image, OTHER_GPU) as other,
        left_behind(api, image, None) as without,
    ):
        # Nobody's sweep takes them: their process can't be seen, and their time is not over.
        with behaving(runc, "echo"):
            assert {same, other, without} <= of_sandboxes(api)
        with behaving(runc, "echo", device=GPU):
            (own,) = containers(api)
            assert {same, other, without} & of_sandboxes(api) == {other, without}
            assert api.inspect_container(own)["Config"]["Labels"][DEVICE_LABEL] == GPU.uuid
        with behaving(runc, "echo"):
            (own,) = containers(api)
            assert DEVICE_LABEL not in api.inspect_container(own)["Config"]["Labels"]


@pytest.mark.sandbox
@pytest.mark.docker
@pytest.mark.usefixtures("no_gpu")
def test_a_device_that_the_engine_does_not_free_gets_no_session(
    runc: Docker, api: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ownership, "CLEAR_SECONDS", 0.1)
    monkeypatch.setattr(ownership, "container_remove", lambda engine, container: False)
    with (
        left_behind(api, runc.runtime_digest, GPU),
        pytest.raises(InfrastructureError, match=f"{GPU.uuid} is not free"),
        behaving(runc, "echo", device=GPU),
    ):
        pass
