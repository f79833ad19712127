"""What is asked of the engine for one session: everything that holds a container."""

from dataclasses import dataclass
from typing import Any

from docker import APIClient
from docker.types import DeviceRequest, Mount, Ulimit

from evaluators.devices.device import Device
from evaluators.sandbox.base import SandboxSpec
from evaluators.sandbox.cgroups import OVERHEAD_PROCESSES
from evaluators.sandbox.docker.engine import Image
from evaluators.sandbox.docker.ownership import device_labels
from evaluators.sandbox.docker.volume import JOB
from evaluators.sandbox.environment import environment
from evaluators.sandbox.limits import OPEN_FILES, cpu_seconds
from evaluators.sandbox.program import program_command

PROGRAMS = f"{JOB}/programs"
FOLDERS = f"{JOB}/folders"
GVISOR = "runsc"
# gVisor's own threads count as processes of the container.
GVISOR_PROCESSES = 512
GPU_CAPABILITIES = [["gpu", "compute", "utility"]]


@dataclass(frozen=True, slots=True)
class Placement:
    """Where and as whom a container runs.

    Attributes:
        name: of the container; nothing else in the engine has it.
        uid: a user and group id that nothing else uses.
        runtime: `runc` or `runsc`.
        labels: whose it is.
    """

    name: str
    uid: int
    runtime: str
    labels: dict[str, str]


def container_create(
    api: APIClient,
    *,
    image: Image,
    spec: SandboxSpec,
    placement: Placement,
    mount: Mount,
    profile: str,
) -> str:
    """Makes a container, without starting it, and returns its id; raises as the client does."""
    made = api.create_container(
        image.digest,
        command=program_command(image.python, spec),
        entrypoint=[],
        name=placement.name,
        hostname="sandbox",
        user=f"{placement.uid}:{placement.uid}",
        working_dir="/tmp",  # noqa: S108 inside the container
        environment=environment(programs=PROGRAMS, cpus=spec.limits.cpus, device=spec.device),
        stdin_open=True,
        labels=placement.labels | device_labels(spec.device),
        healthcheck={"test": ["NONE"]},
        host_config=api.create_host_config(
            **restrictions(spec, placement.runtime, profile), mounts=[mount]
        ),
    )
    return str(made["Id"])


def restrictions(spec: SandboxSpec, runtime: str, profile: str) -> dict[str, Any]:
    """What a container may use and do, as arguments of the client's `create_host_config`."""
    limits = spec.limits
    memory = limits.memory_mb * 2**20
    scratch = limits.scratch_mb * 2**20
    processes = limits.processes + OVERHEAD_PROCESSES
    return {
        "runtime": runtime,
        "network_mode": "none",
        # Otherwise the engine writes the host's servers into resolv.conf.
        "dns": ["127.0.0.1"],
        "dns_search": ["."],
        "read_only": True,
        "cap_drop": ["ALL"],
        "security_opt": ["no-new-privileges", f"seccomp={profile}"],
        "ipc_mode": "private",
        "pids_limit": processes + (GVISOR_PROCESSES if runtime == GVISOR else 0),
        "mem_limit": memory,
        # Memory and swap together: no swap.
        "memswap_limit": memory,
        "nano_cpus": limits.cpus * 10**9,
        "shm_size": scratch,
        "tmpfs": {"/tmp": f"rw,exec,nosuid,nodev,mode=1777,size={scratch}"},  # noqa: S108
        "ulimits": [
            Ulimit(name=name, soft=value, hard=value)
            for name, value in (
                ("core", 0),
                ("nofile", OPEN_FILES),
                ("fsize", scratch),
                ("cpu", cpu_seconds(limits)),
                # CUDA pins what it copies to a device; that counts as memory like all other.
                ("memlock", memory if spec.device else 0),
                ("msgqueue", 0),
            )
        ],
        # What is printed goes to us and is capped by us; the engine keeps none of it on disk.
        "log_config": {"Type": "none", "Config": {}},
        # A first process that reaps, and that a signal to the program does not reach.
        "init": True,
        "device_requests": [device_request(spec.device)] if spec.device else [],
    }


def device_request(device: Device) -> DeviceRequest:
    """Asks for one device by its id, of a GPU or of a MIG slice."""
    return DeviceRequest(driver="nvidia", device_ids=[device.uuid], capabilities=GPU_CAPABILITIES)
