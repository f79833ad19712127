"""A task's prepared data on disk: what students get and what they are judged on."""

import hashlib
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.lib.npyio import NpzFile
from numpy.typing import NDArray

from evaluators.errors import TaskError
from evaluators.spec import TaskSpec
from evaluators.targets import targets_check
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
    arrays = _arrays(path)
    wanted = {f"input_{name}" for name in spec.input} | {"target"}
    if missing := wanted - arrays.keys():
        raise TaskError(f"{path} lacks {', '.join(sorted(missing))}; prepare.py must write them")
    target = arrays["target"]
    if target.ndim == 0 or len(target) == 0:
        raise TaskError(f"{path} holds no items; target must be [n, ...]")
    unit = arrays.get("unit", np.arange(len(target)))
    if unit.ndim != 1 or unit.dtype.kind not in "iu":
        raise TaskError(
            f"{path}: unit is {unit.dtype} {list(unit.shape)}, but units are whole numbers [n]"
        )
    inputs = {name: arrays[f"input_{name}"] for name in spec.input}
    for name, array in inputs.items():
        wanted_array = spec.input[name]
        fits = array.ndim == len(wanted_array.shape) and array.shape[1:] == wanted_array.item_shape
        if array.dtype != wanted_array.dtype or not fits:
            raise TaskError(
                f"{path}: input_{name} is {array.dtype} {list(array.shape)}, "
                f"but task.toml says {wanted_array.dtype} {list(wanted_array.shape)}"
            )
    lengths = {"target": len(target), "unit": len(unit)} | {
        f"input_{name}": len(array) for name, array in inputs.items()
    }
    if len(set(lengths.values())) != 1:
        listed = ", ".join(f"{name} has {length}" for name, length in lengths.items())
        raise TaskError(f"{path}: arrays have different lengths: {listed}")
    try:
        targets_check(spec.output[spec.output_name], target)
    except TaskError as error:
        raise TaskError(f"{path}: {error}") from error
    return Items(inputs, target, unit.astype(np.int64))


def _arrays(path: Path) -> dict[str, NDArray[np.generic]]:
    try:
        file = np.load(path, allow_pickle=False)
        if not isinstance(file, NpzFile):
            raise ValueError("it is not an .npz")
        with file:
            return dict(file)
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise TaskError(f"{path} can't be read: {error}. Prepare the task again.") from error


def data_digest(folder: Path) -> str:
    """Digest of the prepared files: names and contents of `public/` and `private/`."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("p*/**/*")):
        if path.is_file():
            with path.open("rb") as file:
                content = hashlib.file_digest(file, "sha256").hexdigest()
            digest.update(f"{path.relative_to(folder).as_posix()} {content}\n".encode())
    return digest.hexdigest()
