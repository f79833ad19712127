"""A task's prepared data on disk: what students get and what they are judged on."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evaluators.errors import TaskError
from evaluators.spec import TaskSpec
from evaluators.task import Task

PRACTICE_FILE = "practice.npz"
JUDGED_FILE = "judged.npz"
READY_FILE = "ready.json"


@dataclass(frozen=True, slots=True)
class Items:
    """Inputs with their targets.

    Attributes:
        inputs: by name, each [N, ...] as the task's input says.
        target: [N, ...].
        unit: int64 [N], the unit that each item belongs to.
    """

    inputs: dict[str, NDArray[np.generic]]
    target: NDArray[np.generic]
    unit: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.target)


@dataclass(frozen=True, slots=True)
class PreparedTask:
    """A task with its prepared data.

    Attributes:
        task: the task.
        folder: holds `public/` (what students download) and `private/` (what only judging reads).
        data_version: sha256 of the prepared files.
    """

    task: Task
    folder: Path
    data_version: str

    @property
    def public(self) -> Path:
        """The folder that students may download."""
        return self.folder / "public"

    def practice(self) -> Items:
        """The practice sample, whose targets students hold.

        Raises:
            TaskError: it is missing, or does not fit the task's input and output.
        """
        return items_load(self.public / PRACTICE_FILE, self.task.spec)

    def judged(self) -> Items:
        """The hidden items.

        Raises:
            TaskError: they are missing, or don't fit the task's input and output.
        """
        return items_load(self.folder / "private" / JUDGED_FILE, self.task.spec)


def items_load(path: Path, spec: TaskSpec) -> Items:
    """Reads and checks a file of items: `input_<name>` arrays, `target`, and `unit` or none.

    Raises:
        TaskError: it can't be read, or does not fit the task's input and output.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = dict(file)
    except (OSError, ValueError) as error:
        raise TaskError(f"{path} can't be read: {error}. Prepare the task again.") from error
    wanted = {f"input_{name}" for name in spec.input} | {"target"}
    if missing := wanted - arrays.keys():
        raise TaskError(f"{path} lacks {', '.join(sorted(missing))}; prepare.py must write them")
    target = arrays["target"]
    unit = arrays.get("unit", np.arange(len(target))).astype(np.int64)
    inputs = {name: arrays[f"input_{name}"] for name in spec.input}
    for name, array in inputs.items():
        wanted_array = spec.input[name]
        if array.dtype != wanted_array.dtype or array.shape[1:] != wanted_array.item_shape:
            raise TaskError(
                f"{path}: input_{name} is {array.dtype} {array.shape}, "
                f"but task.toml says {wanted_array.dtype} {wanted_array.shape}"
            )
    if len({len(target), len(unit), *(len(array) for array in inputs.values())}) != 1:
        raise TaskError(f"{path}: inputs, target and unit have different lengths")
    if len(target) == 0:
        raise TaskError(f"{path} holds no items")
    return Items(inputs, target, unit)


def data_digest(folder: Path) -> str:
    """Digest of the prepared files: names and contents of `public/` and `private/`."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("p*/**/*")):
        if path.is_file():
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            digest.update(f"{path.relative_to(folder).as_posix()} {content}\n".encode())
    return digest.hexdigest()
