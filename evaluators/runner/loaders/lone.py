"""What all lone model files share: how inputs go in and answers come out."""

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Inputs = dict[str, NDArray[np.generic]]


class Predictor(Protocol):
    """What every loaded model looks like to the runner."""

    def predict(self, inputs: Inputs) -> object:
        """Answers a chunk of inputs."""


def as_output(values: Any, output: dict[str, Any]) -> NDArray[np.generic]:
    """Converts a framework's numbers to the declared type; a column of one becomes a vector."""
    array = np.asarray(values)
    if len(output["shape"]) == 1 and array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    if output["dtype"] == "float32" and array.dtype.kind in "fiu":
        return array.astype(np.float32)
    return array


def only(arrays: Inputs) -> NDArray[np.generic]:
    """The one input of a model that takes one.

    Raises:
        ValueError: the task has several.
    """
    if len(arrays) != 1:
        names = ", ".join(arrays)
        raise ValueError(f"the task has several inputs ({names}); add a model.py that takes them")
    return next(iter(arrays.values()))
