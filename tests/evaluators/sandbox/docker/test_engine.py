"""The engine and its image: what is said when they are not there, and what pins them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from docker import APIClient

from evaluators.errors import InfrastructureError
from evaluators.runner.frames import Kind
from evaluators.sandbox import Ending, SessionStopped, sandbox_select
from evaluators.sandbox.docker.backend import Docker
from tests.evaluators.sandbox.conftest import behaving
from tests.evaluators.sandbox.docker.conftest import containers, volumes
from tests.evaluators.sandbox.docker.relay import Relay

UNLABELLED = 'LABEL org.springboard.python=""'

pytestmark = [pytest.mark.sandbox, pytest.mark.docker]


def test_docker_wants_an_image(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SPRINGBOARD_IMAGE", raising=False)
    with pytest.raises(InfrastructureError, match="SPRINGBOARD_IMAGE must name"):
        sandbox_select("docker")


def test_an_engine_that_is_not_there_is_said_to_be_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/nothing.sock")
    monkeypatch.setenv("SPRINGBOARD_IMAGE", "any")
    # Nor does auto go back to another sandbox than the one whose image was named.
    for name in ("docker", "auto"):
        with pytest.raises(InfrastructureError, match=r"no Docker engine answers .*nothing\.sock"):
            sandbox_select(name)


def test_an_image_that_is_not_there_is_named_and_not_fetched(runc: Docker) -> None:
    with pytest.raises(InfrastructureError, match="no image springboard-none:1: build it"):
        sandbox_select("docker", image="springboard-none:1")


def test_an_image_of_something_else_is_refused(runc: Docker, api: APIClient) -> None:
    with (
        image_changed(api, runc.runtime_digest, UNLABELLED) as name,
        pytest.raises(InfrastructureError, match=r"no label org\.springboard\.python"),
    ):
        sandbox_select("docker", image=name)


def test_an_image_with_a_place_to_write_without_limit_is_refused(
    runc: Docker, api: APIClient
) -> None:
    with (
        image_changed(api, runc.runtime_digest, "VOLUME /data") as name,
        pytest.raises(InfrastructureError, match="declares volumes"),
    ):
        sandbox_select("docker", image=name)


def test_a_tag_that_is_moved_does_not_change_what_runs(runc: Docker, api: APIClient) -> None:
    name = "springboard-test-moved"
    api.tag(runc.runtime_digest, name, "1")
    try:
        sandbox = Docker(f"{name}:1", "runc")
        with image_changed(api, runc.runtime_digest, UNLABELLED) as other:
            api.tag(other, name, "1")
            with behaving(sandbox, "echo"):
                (container,) = containers(api)
                assert api.inspect_container(container)["Image"] == sandbox.runtime_digest
    finally:
        api.remove_image(f"{name}:1")


def test_an_engine_that_goes_away_is_our_fault(
    runc: Docker, api: APIClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with Relay(tmp_path / "relay.sock") as relay:
        monkeypatch.setenv("DOCKER_HOST", relay.address)
        sandbox = Docker(runc.runtime_digest, "runc")
        with (
            pytest.raises(InfrastructureError, match="engine was lost during a session"),
            behaving(sandbox, "silent") as session,
        ):
            relay.cut()
            session.receive(100)
    remove_left(api)


def test_an_engine_that_falls_silent_does_not_hold_a_worker_for_ever(
    runc: Docker, api: APIClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("engine.ANSWER_SECONDS", "process.KILLED_SECONDS"):
        monkeypatch.setattr(f"evaluators.sandbox.docker.{name}", 1)
    monkeypatch.setattr("evaluators.sandbox.pipes.REAP_SECONDS", 1)
    with Relay(tmp_path / "relay.sock") as relay:
        monkeypatch.setenv("DOCKER_HOST", relay.address)
        sandbox = Docker(runc.runtime_digest, "runc")
        with (
            pytest.raises(InfrastructureError, match="engine was lost during a session"),
            behaving(sandbox, "silent", wall_seconds=2) as session,
        ):
            relay.hold()
            session.receive(100)
    remove_left(api)


def test_a_connection_that_is_cut_while_it_waits_is_made_again(
    runc: Docker, api: APIClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with Relay(tmp_path / "relay.sock") as relay:
        monkeypatch.setenv("DOCKER_HOST", relay.address)
        sandbox = Docker(runc.runtime_digest, "runc")
        with behaving(sandbox, "echo") as session:
            relay.cut_waiting()
            session.send(Kind.INPUTS, b"still there")
            assert session.receive(100).payload == b"still there"
            assert session.close().ending is Ending.EXITED


def test_a_container_that_an_operator_kills_is_our_fault(runc: Docker, api: APIClient) -> None:
    with (
        pytest.raises(InfrastructureError, match="somebody stopped the container"),
        behaving(runc, "silent") as session,
    ):
        (container,) = containers(api)
        api.kill(container)
        session.receive(100)


def test_a_program_that_kills_itself_is_not(runc: Docker, api: APIClient) -> None:
    with behaving(runc, "kills") as session, pytest.raises(SessionStopped) as stopped:
        session.receive(100)
    assert (stopped.value.outcome.ending, stopped.value.outcome.how) == (
        Ending.EXITED,
        "killed by SIGKILL",
    )


def remove_left(api: APIClient) -> None:
    """Does what the next worker would, by hand, as we are still alive."""
    for container in containers(api):
        api.remove_container(container, force=True)
    for volume in volumes(api):
        api.remove_volume(volume)


@contextmanager
def image_changed(api: APIClient, image: str, change: str) -> Iterator[str]:
    repository, tag = "springboard-test-changed", "1"
    name = f"{repository}:{tag}"
    container = api.create_container(image, ["true"])["Id"]
    try:
        api.commit(container, repository, tag, changes=change)
    finally:
        api.remove_container(container)
    try:
        yield name
    finally:
        api.remove_image(name, force=True)
