"""Items: inputs with what is right for them, read from a prepared file and checked."""

import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.lib.npyio import NpzFile
from numpy.typing import NDArray

from evaluators.errors import TaskError
from evaluators.spec import ArraySpec, TaskSpec
from evaluators.targets import targets_check

# A symbol a step: longer documents would make all others wait.
LONGEST_DOCUMENT_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Items:
    """Inputs with their targets.

    Attributes:
        inputs: by name, each [N, ...] as the task's input says; texts as `<U` [N].
        target: [N, ...]; of a language model's documents int64 [N], how many characters they have.
        unit: int64 [N], the unit that each item belongs to.
        stratum: int64 [N], an index into the names of the task's strata; None where it has none.
    """

    inputs: dict[str, NDArray[np.generic]]
    target: NDArray[np.generic]
    unit: NDArray[np.int64]
    stratum: NDArray[np.int64] | None = None

    def __len__(self) -> int:
        return len(self.target)


def items_load(path: Path, spec: TaskSpec) -> Items:
    """Reads and checks a file of items.

    It holds an array `input_<name>` for each input; `target`, unless the task's evaluator is
    lockstep; `unit`, or each item is one; and `stratum` where the task has strata.

    Raises:
        TaskError: it can't be read, or does not fit the task's input and output.
    """
    arrays = _arrays(path)
    wanted = {f"input_{name}" for name in spec.input}
    wanted |= {"target"} if spec.output else set()
    wanted |= {"stratum"} if spec.strata else set()
    if missing := wanted - arrays.keys():
        raise TaskError(f"{path} lacks {', '.join(sorted(missing))}; prepare.py must write them")
    try:
        inputs = {name: _input(arrays, name, spec.input[name]) for name in spec.input}
        target = _target(arrays, spec, inputs)
        unit = _whole_numbers(arrays.get("unit", np.arange(len(target))), "unit", "units")
        stratum = _stratum(arrays, spec)
        _same_length(
            {f"input_{name}": len(array) for name, array in inputs.items()}
            | {"target": len(target), "unit": len(unit)}
            | ({} if stratum is None else {"stratum": len(stratum)})
        )
        # A scorer of the task's own knows what its targets mean; nobody else does.
        if spec.output and not spec.metrics.own:
            targets_check(spec.output[spec.output_name], target)
    except TaskError as error:
        raise TaskError(f"{path}: {error}") from error
    return Items(inputs, target, unit, stratum)


def _input(
    arrays: dict[str, NDArray[np.generic]], name: str, spec: ArraySpec
) -> NDArray[np.generic]:
    array = arrays[f"input_{name}"]
    if spec.dtype == "text":
        if array.dtype.kind != "U" or array.ndim != 1:
            raise TaskError(
                f"input_{name} is {array.dtype} {list(array.shape)}, but task.toml says text: "
                "write np.array(list_of_str), one-dimensional"
            )
        return array
    fits = array.ndim == len(spec.shape) and array.shape[1:] == spec.item_shape
    if array.dtype != spec.dtype or not fits:
        raise TaskError(
            f"input_{name} is {array.dtype} {list(array.shape)}, "
            f"but task.toml says {spec.dtype} {list(spec.shape)}"
        )
    return array


def _target(
    arrays: dict[str, NDArray[np.generic]], spec: TaskSpec, inputs: dict[str, NDArray[np.generic]]
) -> NDArray[np.generic]:
    target = arrays["target"] if spec.output else _characters(inputs["text"])
    if target.ndim == 0 or len(target) == 0:
        raise TaskError("it holds no items; there must be one at least")
    return target


def _characters(texts: NDArray[np.generic]) -> NDArray[np.int64]:
    longest = max((len(str(text).encode()) for text in texts), default=0)
    if longest > LONGEST_DOCUMENT_BYTES:
        raise TaskError(
            f"a document has {longest} bytes; at most {LONGEST_DOCUMENT_BYTES} are judged: leave "
            "it out or cut it in prepare.py"
        )
    return np.array([len(str(text)) for text in texts], dtype=np.int64)


def _stratum(arrays: dict[str, NDArray[np.generic]], spec: TaskSpec) -> NDArray[np.int64] | None:
    if spec.strata is None:
        return None
    stratum = _whole_numbers(arrays["stratum"], "stratum", "strata")
    names = len(spec.strata.names)
    if len(stratum) and (np.min(stratum) < 0 or np.max(stratum) >= names):
        raise TaskError(
            f"stratum runs from {np.min(stratum)} to {np.max(stratum)}, but task.toml names "
            f"{names} strata: 0 to {names - 1}"
        )
    return stratum


def _whole_numbers(array: NDArray[np.generic], name: str, what: str) -> NDArray[np.int64]:
    if array.ndim != 1 or array.dtype.kind not in "iu":
        raise TaskError(
            f"{name} is {array.dtype} {list(array.shape)}, but {what} are whole numbers [n]"
        )
    return array.astype(np.int64)


def _same_length(lengths: dict[str, int]) -> None:
    if len(set(lengths.values())) != 1:
        listed = ", ".join(f"{name} has {length}" for name, length in lengths.items())
        raise TaskError(f"arrays have different lengths: {listed}")


def _arrays(path: Path) -> dict[str, NDArray[np.generic]]:
    try:
        file = np.load(path, allow_pickle=False)
        if not isinstance(file, NpzFile):
            raise ValueError("it is not an .npz")
        with file:
            return dict(file)
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise TaskError(f"{path} can't be read: {error}. Prepare the task again.") from error
