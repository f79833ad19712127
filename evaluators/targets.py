"""Whether a task's targets fit its output."""

import numpy as np
from numpy.typing import NDArray

from evaluators.errors import TaskError
from evaluators.spec import OutputSpec


def targets_check(output: OutputSpec, target: NDArray[np.generic]) -> None:
    """Checks that answers of this output can be compared with these targets.

    Raises:
        TaskError: they can't: class indices out of range, another shape, NaN.
    """
    if output.kind == "probabilities":
        classes = len(output.classes or ())
        if target.dtype != np.int64 or target.ndim != 1:
            raise TaskError(
                f"targets of a classification are int64 [n], not {target.dtype} "
                f"{list(target.shape)}; prepare.py must write class indices"
            )
        if np.min(target) < 0 or np.max(target) >= classes:
            raise TaskError(
                f"targets run from {np.min(target)} to {np.max(target)}, but task.toml names "
                f"{classes} classes: 0 to {classes - 1}"
            )
        return
    if output.kind == "mask":
        if target.dtype != np.uint8 or target.shape[1:] != output.item_shape:
            raise TaskError(
                f"targets of masks are uint8 {list(output.shape)}, not {target.dtype} "
                f"{list(target.shape)}"
            )
        if np.max(target) > 1:
            raise TaskError(f"targets of masks are 0 or 1, but there is a {np.max(target)}")
        return
    if target.dtype.kind not in "biuf" or target.shape[1:] != output.item_shape:
        raise TaskError(
            f"targets are {target.dtype} {list(target.shape)}, but the output in task.toml is "
            f"{output.dtype} {list(output.shape)}"
        )
    if not np.all(np.isfinite(target)):
        raise TaskError("targets hold NaN or infinite values; prepare.py must write numbers")
