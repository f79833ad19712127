"""What a model returned, as arrays. The host checks it; here it only has to be one."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray


def as_array(value: Any, name: str, method: str) -> NDArray[np.generic]:
    """Makes an array of what a framework returned.

    Raises:
        TypeError: numpy can't hold it as numbers.
    """
    if hasattr(value, "detach"):
        value = value.detach().cpu()
    array = np.asarray(value)
    if array.dtype.hasobject:
        raise TypeError(
            f"{method} returned {type(value).__name__} for {name!r}: no array of numbers"
        )
    return array


def as_arrays(answer: object, names: list[str]) -> dict[str, NDArray[np.generic]]:
    """Names what `predict` returned: a dictionary, or the one array that is asked for."""
    if isinstance(answer, Mapping):
        named = {str(name): value for name, value in answer.items()}
    else:
        named = {names[0]: answer}
    return {name: as_array(value, name, "predict") for name, value in named.items()}
