"""What is asked of the engine, as the engine itself has it written down."""

import json
from pathlib import Path
from typing import Any

import pytest
from docker import APIClient

from evaluators.devices.device import Device
from evaluators.errors import InfrastructureError
from evaluators.runner.frames import Kind
from evaluators.sandbox.base import SandboxSpec
from evaluators.sandbox.docker.backend import FIRST_UID, Docker
from evaluators.sandbox.docker.container import restrictions
from evaluators.sandbox.docker.profile import seccomp_profile
from tests.evaluators.sandbox.conftest import LIMITS, PROGRAM, behaving
from tests.evaluators.sandbox.docker.conftest import containers

pytestmark = [pytest.mark.sandbox, pytest.mark.docker]

GPU = Device(
    uuid="GPU-7d0a3c1e-5b0f-4d7e-9f53-2a7c1d6f0b11", name="A100", memory_mb=40_960, nodes=()
)
SLICE = Device(
    uuid="MIG-b1b5c9a4-9d0b-5f40-8a0c-0a5d5a6d9f3e", name="A100 1g.5gb", memory_mb=4_864, nodes=()
)


def found(api: APIClient) -> dict[str, Any]:
    (container,) = containers(api)
    state: dict[str, Any] = api.inspect_container(container)
    return state


def test_the_engine_holds_a_container_as_it_was_asked_to(runc: Docker, api: APIClient) -> None:
    with behaving(runc, "echo"):
        container = found(api)
    host = container["HostConfig"]
    asked = {
        name: host[name]
        for name in (
            "NetworkMode", "ReadonlyRootfs", "Privileged", "CapAdd", "CapDrop", "PidsLimit",
            "Memory", "MemorySwap", "NanoCpus", "ShmSize", "Tmpfs", "IpcMode", "PidMode",
            "LogConfig", "Init", "Runtime", "Binds", "Devices", "DeviceRequests", "VolumesFrom",
            "PortBindings", "Dns", "RestartPolicy",
        )
    }  # fmt: skip
    assert asked == {
        "NetworkMode": "none",
        "ReadonlyRootfs": True,
        "Privileged": False,
        "CapAdd": None,
        "CapDrop": ["ALL"],
        "PidsLimit": LIMITS.processes + 8,
        "Memory": 512 * 2**20,
        "MemorySwap": 512 * 2**20,
        "NanoCpus": 10**9,
        "ShmSize": LIMITS.scratch_mb * 2**20,
        "Tmpfs": {"/tmp": f"rw,exec,nosuid,nodev,mode=1777,size={LIMITS.scratch_mb * 2**20}"},
        "IpcMode": "private",
        "PidMode": "",
        "LogConfig": {"Type": "none", "Config": {}},
        "Init": True,
        "Runtime": "runc",
        "Binds": None,
        "Devices": None,
        "DeviceRequests": [],
        "VolumesFrom": None,
        "PortBindings": None,
        "Dns": ["127.0.0.1"],
        "RestartPolicy": {"Name": "", "MaximumRetryCount": 0},
    }
    assert {one["Name"]: (one["Soft"], one["Hard"]) for one in host["Ulimits"]} == {
        "core": (0, 0),
        "nofile": (1024, 1024),
        "fsize": (LIMITS.scratch_mb * 2**20, LIMITS.scratch_mb * 2**20),
        "cpu": (25, 25),
        "memlock": (0, 0),
        "msgqueue": (0, 0),
    }
    assert [(m["Type"], m["Destination"], m["RW"]) for m in container["Mounts"]] == [
        ("volume", "/job", False)
    ]


def test_its_user_is_nobody_else_and_its_environment_holds_nothing_of_ours(
    runc: Docker, api: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "of the worker")
    with behaving(runc, "echo"):
        config = found(api)["Config"]
    user, group = map(int, config["User"].split(":"))
    assert user == group
    assert FIRST_UID <= user < FIRST_UID + 256
    assert not [line for line in config["Env"] if "SECRET" in line or "SPRINGBOARD" in line]
    assert {"CUDA_VISIBLE_DEVICES=", "NVIDIA_VISIBLE_DEVICES=void"} <= set(config["Env"])


def test_the_profile_is_ours_and_refuses_what_the_engine_would_allow(
    runc: Docker, api: APIClient
) -> None:
    with behaving(runc, "echo"):
        options = found(api)["HostConfig"]["SecurityOpt"]
    assert "no-new-privileges" in options
    (profile,) = (json.loads(o.removeprefix("seccomp=")) for o in options if o[:7] == "seccomp")
    allowed = {
        name
        for rule in profile["syscalls"]
        if rule["action"] == "SCMP_ACT_ALLOW" and not rule.get("args")
        for name in rule["names"]
    }
    assert profile["defaultAction"] == "SCMP_ACT_ERRNO"
    assert {"read", "write", "futex", "mmap", "execve"} <= allowed
    assert not allowed & {
        "io_uring_setup", "memfd_secret", "bpf", "userfaultfd", "keyctl", "perf_event_open",
        "ptrace", "mount", "unshare", "setns", "clone", "clone3", "socket", "kexec_load",
        "open_by_handle_at", "process_vm_readv", "init_module",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "refused", "allowed"),
    [
        # Typing into a terminal; asking for its size.
        ("ioctl", [0x5412, 0x541C], [0x5411, 0x5413, 0x5414, 0, 0xC0185879]),
        ("fcntl", [5, 36, 37, 38, 1024, 1026], [0, 1, 4, 6, 7, 1025, 1030, 1033]),
        ("flock", [2, 6], [1, 5, 8]),
    ],
)
def test_a_call_is_refused_by_what_is_asked_of_it(
    name: str, refused: list[int], allowed: list[int]
) -> None:
    rules = [rule for rule in json.loads(seccomp_profile())["syscalls"] if name in rule["names"]]

    def passes(value: int) -> bool:
        return any(
            value & condition["value"] == condition["valueTwo"]
            for rule in rules
            if rule["action"] == "SCMP_ACT_ALLOW"
            for condition in rule["args"]
        )

    for value in refused:
        # What is above 32 bits the kernel does not read.
        assert not passes(value)
        assert not passes(value | 1 << 32)
    for value in allowed:
        assert passes(value)
        assert passes(value | 1 << 63)


@pytest.mark.parametrize("device", [GPU, SLICE])
def test_one_device_is_asked_for_by_its_id(device: Device) -> None:
    spec = SandboxSpec(program=PROGRAM, limits=LIMITS, device=device)
    (request,) = restrictions(spec, "runc", "{}")["device_requests"]
    assert request == {
        "Driver": "nvidia",
        "Count": 0,
        "DeviceIDs": [device.uuid],
        "Capabilities": [["gpu", "compute", "utility"]],
        "Options": {},
    }


@pytest.mark.skipif(Path("/dev/nvidiactl").exists(), reason="this machine has a GPU")
def test_an_engine_without_such_devices_refuses_and_keeps_nothing(
    runc: Docker, api: APIClient
) -> None:
    spec = SandboxSpec(program=PROGRAM, limits=LIMITS, device=GPU)
    with pytest.raises(InfrastructureError, match='could not select device driver "nvidia"'):
        runc.open(spec)
    assert containers(api) == []


def test_runsc_shows_no_device(docker: Docker) -> None:
    if not docker.own_kernel:
        return
    with pytest.raises(InfrastructureError, match="use docker\\+runc"):
        docker.open(SandboxSpec(program=PROGRAM, limits=LIMITS, device=GPU))


def test_runsc_has_room_for_its_own_threads(docker: Docker, api: APIClient) -> None:
    with behaving(docker, "echo"):
        limit = found(api)["HostConfig"]["PidsLimit"]
    assert limit == LIMITS.processes + 8 + (512 if docker.own_kernel else 0)


def test_sessions_beside_each_other_have_users_of_their_own(runc: Docker, api: APIClient) -> None:
    with behaving(runc, "echo"), behaving(runc, "echo"), behaving(runc, "echo"):
        users = [api.inspect_container(one)["Config"]["User"] for one in containers(api)]
    assert len(set(users)) == len(users) == 3


def test_folders_are_shown_as_copies_that_belong_to_root(
    docker: Docker, api: APIClient, folder: Path
) -> None:
    spec = SandboxSpec(program=PROGRAM, limits=LIMITS, folders={"raw": folder})
    with docker.open(spec) as session:
        assert session.receive(64).kind is Kind.HELLO
        session.send(Kind.CONFIGURE, b"lists")
        session.send(Kind.INPUTS, session.path("raw").encode())
        listed = json.loads(session.receive(10_000).payload)
    assert listed.pop("written") in ("EROFS", "EACCES")
    assert listed == {
        "below": [0, 0o755, None],
        "below/inner.txt": [0, 0o644, "inner"],
        "file.txt": [0, 0o644, "outer"],
        "twice.txt": [0, 0o644, "inner"],
    }


def test_a_folder_that_is_not_there_is_named(runc: Docker, api: APIClient, tmp_path: Path) -> None:
    spec = SandboxSpec(program=PROGRAM, limits=LIMITS, folders={"raw": tmp_path / "missing"})
    with pytest.raises(InfrastructureError, match="there is no folder .*missing"):
        runc.open(spec)
