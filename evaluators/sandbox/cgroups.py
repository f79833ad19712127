"""Control groups of one session: memory, processes and processor time, on version 1 or 2.

Where the machine doesn't let us make any (an ordinary user without delegation), the sandbox falls
back to resource limits and a watch on memory, and says so in its notes.
"""

import contextlib
import itertools
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from evaluators.errors import InfrastructureError
from evaluators.processes import is_of_dead, process_mark
from evaluators.spec import Limits

ROOT = Path("/sys/fs/cgroup")
PREFIX = "springboard-"
CPU_PERIOD_US = 100_000
# Python, bubblewrap and its init count as processes too.
OVERHEAD_PROCESSES = 8
_numbers = itertools.count()


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """Where groups can be made.

    Attributes:
        version: 1 or 2.
        parents: folder of each controller; on version 2 all are the same.
    """

    version: int
    parents: dict[str, Path]


@dataclass(frozen=True, slots=True)
class Cgroup:
    """The groups of one session."""

    version: int
    folders: dict[str, Path]

    @property
    def procs_files(self) -> list[str]:
        """Files to which a process writes 0 to join."""
        return [str(path / "cgroup.procs") for path in sorted(set(self.folders.values()))]

    def out_of_memory(self) -> bool:
        """Whether the kernel killed a process of it for memory."""
        if "memory" not in self.folders:
            return False
        name = "memory.events" if self.version == 2 else "memory.oom_control"
        return _counters(self.folders["memory"] / name).get("oom_kill", 0) > 0

    def peak_memory_mb(self) -> float:
        """Largest memory use, in MB; 0 where the kernel doesn't say."""
        if "memory" not in self.folders:
            return 0.0
        name = "memory.peak" if self.version == 2 else "memory.max_usage_in_bytes"
        try:
            return int((self.folders["memory"] / name).read_text()) / 2**20
        except (OSError, ValueError):
            return 0.0

    def remove(self) -> None:
        """Kills what is left in it and removes it.

        Raises:
            InfrastructureError: something in it can't be killed.
        """
        for folder in set(self.folders.values()):
            for _ in range(200):
                _kill_all(folder)
                try:
                    folder.rmdir()
                except FileNotFoundError:
                    break
                except OSError:
                    time.sleep(0.01)
                else:
                    break
            else:
                raise InfrastructureError(f"{folder} can't be emptied: a process survives SIGKILL")


def hierarchy_find() -> Hierarchy | None:
    """Finds where groups with a memory limit can be made, by making one; None if nowhere."""
    for hierarchy in (_version_2(), _version_1()):
        if hierarchy is None or "memory" not in hierarchy.parents:
            continue
        probe = {
            name: path / f"{PREFIX}probe-{os.getpid()}" for name, path in hierarchy.parents.items()
        }
        try:
            for folder in set(probe.values()):
                folder.mkdir(exist_ok=True)
            limit = "memory.max" if hierarchy.version == 2 else "memory.limit_in_bytes"
            (probe["memory"] / limit).write_text(str(2**30))
        except OSError:
            continue
        finally:
            for folder in set(probe.values()):
                with contextlib.suppress(OSError):
                    folder.rmdir()
        return hierarchy
    return None


def cgroup_create(hierarchy: Hierarchy, limits: Limits) -> Cgroup:
    """Makes the groups of a session and sets their limits.

    Raises:
        InfrastructureError: they can't be made any more.
    """
    name = f"{PREFIX}{process_mark()}-{next(_numbers)}"
    cgroup = Cgroup(hierarchy.version, {c: path / name for c, path in hierarchy.parents.items()})
    try:
        for folder in set(cgroup.folders.values()):
            folder.mkdir()
        for controller, file, value in _settings(hierarchy.version, limits):
            if controller in cgroup.folders:
                path = cgroup.folders[controller] / file
                if path.exists():
                    path.write_text(value)
    except OSError as error:
        cgroup.remove()
        raise InfrastructureError(f"control groups can't be set up: {error}") from error
    return cgroup


def leftovers_remove(hierarchy: Hierarchy) -> None:
    """Removes groups of workers that are gone.

    Workers in other containers, whose process numbers say nothing here, may use the same groups.
    """
    for parent in set(hierarchy.parents.values()):
        for folder in parent.glob(f"{PREFIX}*"):
            if is_of_dead(folder.name.removeprefix(PREFIX)):
                with contextlib.suppress(InfrastructureError):
                    Cgroup(hierarchy.version, {"memory": folder}).remove()


def _settings(version: int, limits: Limits) -> list[tuple[str, str, str]]:
    memory = str(limits.memory_mb * 2**20)
    pids = str(limits.processes + OVERHEAD_PROCESSES)
    quota = limits.cpus * CPU_PERIOD_US
    if version == 2:
        return [
            ("memory", "memory.max", memory),
            ("memory", "memory.swap.max", "0"),
            ("pids", "pids.max", pids),
            ("cpu", "cpu.max", f"{quota} {CPU_PERIOD_US}"),
        ]
    return [
        ("memory", "memory.limit_in_bytes", memory),
        ("memory", "memory.memsw.limit_in_bytes", memory),
        ("pids", "pids.max", pids),
        ("cpu", "cpu.cfs_period_us", str(CPU_PERIOD_US)),
        ("cpu", "cpu.cfs_quota_us", str(quota)),
    ]


def _own_groups() -> dict[str, str]:
    """Path of our own group by controller; version 2 under the empty name."""
    groups = {}
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        for controller in controllers.split(","):
            groups[controller] = path.lstrip("/")
    return groups


def _version_1() -> Hierarchy | None:
    own = _own_groups()
    parents = {}
    for controller in ("memory", "pids", "cpu"):
        mount = ROOT / controller
        folder = mount / own.get(controller, "")
        # In a container the path may be the host's, which is not mounted here.
        folder = folder if folder.is_dir() else mount
        if os.access(folder, os.W_OK):
            parents[controller] = folder
    return Hierarchy(1, parents) if parents else None


def _version_2() -> Hierarchy | None:
    mount = ROOT if (ROOT / "cgroup.controllers").exists() else ROOT / "unified"
    if not (mount / "cgroup.controllers").exists():
        return None
    own = mount / _own_groups().get("", "")
    for parent in (mount, own.parent, own):
        if not os.access(parent / "cgroup.subtree_control", os.W_OK):
            continue
        wanted = {"memory", "pids", "cpu"} & set(
            (parent / "cgroup.controllers").read_text().split()
        )
        # A group that holds processes can't pass controllers on; the next candidate may.
        with contextlib.suppress(OSError):
            (parent / "cgroup.subtree_control").write_text(
                " ".join(f"+{c}" for c in sorted(wanted))
            )
        enabled = wanted & set((parent / "cgroup.subtree_control").read_text().split())
        if "memory" in enabled:
            return Hierarchy(2, dict.fromkeys(enabled, parent))
    return None


def _counters(path: Path) -> dict[str, int]:
    try:
        pairs = [line.split() for line in path.read_text().splitlines()]
    except OSError:
        return {}
    return {pair[0]: int(pair[1]) for pair in pairs if len(pair) == 2}


def _kill_all(folder: Path) -> None:
    with contextlib.suppress(OSError):
        for pid in (folder / "cgroup.procs").read_text().split():
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)
