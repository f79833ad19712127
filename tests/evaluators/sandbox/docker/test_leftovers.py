"""What dead workers leave behind, found by its labels."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from docker import APIClient

from evaluators.sandbox.docker.backend import Docker
from evaluators.sandbox.docker.engine import engine_connect
from evaluators.sandbox.docker.ownership import (
    PROCESS_LABEL,
    SANDBOX_LABEL,
    SPACE_LABEL,
    UNTIL_LABEL,
    is_leftover,
    labels,
    leftovers_remove,
)
from tests.evaluators.sandbox.conftest import behaving
from tests.evaluators.sandbox.docker.conftest import containers

pytestmark = [pytest.mark.sandbox, pytest.mark.docker]

WORKER = """
import sys, time
from evaluators.sandbox.docker.backend import Docker
from tests.evaluators.sandbox.conftest import behaving
with behaving(Docker(sys.argv[1], "runc"), "silent"):
    print("open", flush=True)
    time.sleep(60)
"""
ROOT = Path(__file__).resolve().parents[4]


def of_process(api: APIClient, pid: int) -> list[str]:
    ours = {"label": f"{SANDBOX_LABEL}=1"}
    found = [*api.containers(all=True, filters=ours), *(api.volumes(ours)["Volumes"] or [])]
    return [
        str(one["Labels"])
        for one in found
        if one["Labels"][PROCESS_LABEL][: len(f"{pid}:")] == f"{pid}:"
    ]


def test_what_a_killed_worker_left_is_removed_and_what_runs_is_not(
    runc: Docker, api: APIClient
) -> None:
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, runc.runtime_digest],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'client'}"},
    )
    with worker, behaving(runc, "echo"):
        assert worker.stdout is not None
        assert worker.stdout.readline() == b"open\n"
        assert leftovers_remove(engine_connect()) == 0
        assert len(of_process(api, worker.pid)) == 2
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        assert leftovers_remove(engine_connect()) == 2
        assert of_process(api, worker.pid) == []
        assert len(containers(api)) == 1


def test_a_backend_removes_leftovers_before_its_first_session(runc: Docker, api: APIClient) -> None:
    dead = labels(60) | {PROCESS_LABEL: "1:1"}
    api.create_volume("springboard-test-left", labels=dead)
    fresh = Docker(runc.runtime_digest, "runc")
    with behaving(fresh, "echo"):
        names = [volume["Name"] for volume in api.volumes()["Volumes"]]
    assert "springboard-test-left" not in names


def test_what_the_engine_does_not_remove_keeps_nobody_from_work(
    runc: Docker, api: APIClient
) -> None:
    dead = labels(60) | {PROCESS_LABEL: "1:1"}
    names = [f"springboard-test-{name}" for name in ("used", "unused")]
    for name in names:
        api.create_volume(name, labels=dead)
    # As while another worker removes the container that uses it.
    host = api.create_host_config(binds=[f"{names[0]}:/job"], network_mode="none")
    user = api.create_container(runc.runtime_digest, ["true"], host_config=host)["Id"]
    try:
        with behaving(Docker(runc.runtime_digest, "runc"), "echo"):
            left = {str(volume["Name"]) for volume in api.volumes()["Volumes"]}
    finally:
        api.remove_container(user)
        api.remove_volume(names[0])
    assert left.intersection(names) == {names[0]}


def test_elsewhere_only_its_time_tells_that_a_session_is_over(api: APIClient) -> None:
    engine = engine_connect()
    ours = labels(60)
    elsewhere = ours | {SPACE_LABEL: "another machine", PROCESS_LABEL: "1:1"}
    assert not is_leftover(engine, ours)
    assert not is_leftover(engine, elsewhere)
    assert is_leftover(engine, elsewhere | {UNTIL_LABEL: str(int(time.time()) - 1)})
    assert is_leftover(engine, ours | {PROCESS_LABEL: "1:1"})
    assert is_leftover(engine, ours | {PROCESS_LABEL: "nonsense"})
    assert is_leftover(engine, {})
