"""What judging may have left on this machine, as lines that name it.

Others may judge here at the same time: only what belongs to the stack counts.
"""

import contextlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from evaluators.processes import is_of_dead
from evaluators.sandbox.cgroups import PREFIX as GROUP_PREFIX
from evaluators.sandbox.cgroups import hierarchy_find
from evaluators.work import PREFIX as WORK_PREFIX
from tests.chaos.stack import STORAGE, Stack

# Reaping, unmounting and removing groups take the kernel a moment.
PATIENCE_SECONDS = 5.0


def remains_of(stack: Stack) -> list[str]:
    """What is left although nothing is judged, once it has had time to go."""
    return _patiently(lambda: [*_processes(stack), *_mounts(stack), *_work_of_living(stack)])


def remains_of_dead(stack: Stack) -> list[str]:
    """What dead workers left; the next that judges removes it."""
    return _patiently(lambda: [*_work_of_dead(stack), *_groups_of_dead()])


def _patiently(look: Callable[[], list[str]]) -> list[str]:
    until = time.monotonic() + PATIENCE_SECONDS
    while (left := look()) and time.monotonic() < until:
        time.sleep(0.1)
    return left


def _processes(stack: Stack) -> Iterator[str]:
    """Of no group of those that should run; and all that still are in the stack's sandboxes."""
    groups = {one.process.pid for one in (stack.web, *stack.workers) if one and one.alive}
    marker = f"{stack.mark}\0".encode()
    inside = str(stack.folder / "tmp").encode()
    own_mounts = Path("/proc/self/ns/mnt").stat().st_ino
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ")[:150].decode()
            elsewhere = (folder / "ns/mnt").stat().st_ino != own_mounts
            if elsewhere and inside in (folder / "mountinfo").read_bytes():
                yield f"process {folder.name} in a sandbox: {command}"
            elif marker in (folder / "environ").read_bytes() and _group(folder) not in groups:
                yield f"process {folder.name}: {command}"


def _group(folder: Path) -> int:
    return int((folder / "stat").read_text().rpartition(")")[2].split()[2])


def _mounts(stack: Stack) -> Iterator[str]:
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        if f" {stack.folder}/" in line and f" {stack.folder / STORAGE} " not in line:
            yield f"mount {line}"


def _work_of_living(stack: Stack) -> Iterator[str]:
    return (f"folder {path}" for path, dead in _work(stack) if not dead)


def _work_of_dead(stack: Stack) -> Iterator[str]:
    return (f"folder {path}" for path, dead in _work(stack) if dead)


def _work(stack: Stack) -> Iterator[tuple[Path, bool]]:
    for path in (stack.folder / "tmp").glob(f"{WORK_PREFIX}*"):
        yield path, is_of_dead(path.name.removeprefix(WORK_PREFIX))


def _groups_of_dead() -> Iterator[str]:
    hierarchy = hierarchy_find()
    for parent in set(hierarchy.parents.values()) if hierarchy else ():
        for path in parent.glob(f"{GROUP_PREFIX}*"):
            if is_of_dead(path.name.removeprefix(GROUP_PREFIX)):
                yield f"control group {path}"
