"""Reads what a model answered, as hostile bytes, and keeps it in a compact file."""

import io
import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from evaluators.errors import SubmissionError
from evaluators.spec import OutputSpec

# What float32 arithmetic may add to the ends of [0, 1], and what rounding may do to a sum.
RANGE_TOLERANCE = 1e-6
SUM_TOLERANCE = 1e-3

_SHOWN_AXES = 8
_LARGEST_SHOWN = 10**18


def predictions_check(
    *,
    name: str,
    dtype: str,
    shape: Sequence[int],
    data: bytes | memoryview,
    spec: OutputSpec,
    items: int,
) -> NDArray[np.generic]:
    """Checks an array that came out of the sandbox.

    What the sandbox says about the array is compared with what the task wants, and never used to
    read it. Probabilities are returned as given: metrics divide each row by its sum.

    Args:
        name: the output's name, from `task.toml`.
        dtype: numpy's name of the type, such as "float32", as the sandbox states it.
        shape: as the sandbox states it.
        data: the elements in C order, little-endian.
        spec: what the task wants.
        items: how many inputs the model was given.

    Returns:
        A read-only copy, [items, ...].

    Raises:
        SubmissionError: the array is not what the task wants; the verdict is
            `invalid_predictions`.
    """
    wanted_dtype = np.dtype(spec.dtype).newbyteorder("<")
    if dtype != spec.dtype:
        raise SubmissionError("predictions_type", name=name, got=dtype, wanted=spec.dtype)
    wanted_shape = (items, *spec.item_shape)
    if tuple(shape) != wanted_shape:
        got = _shape_text(shape)
        raise SubmissionError(
            "predictions_shape", name=name, got=got, wanted=_shape_text(wanted_shape)
        )
    got_size, size = memoryview(data).nbytes, math.prod(wanted_shape) * wanted_dtype.itemsize
    if got_size != size:
        raise SubmissionError("predictions_size", name=name, got=got_size, wanted=size)
    # An array over bytes can't be written to, nor be made so.
    values = np.frombuffer(bytes(data), dtype=wanted_dtype).reshape(wanted_shape)
    _check_values(name, values, probabilities=spec.kind == "probabilities")
    return values


def predictions_pack(predictions: NDArray[np.generic]) -> bytes:
    """Writes checked predictions as a compressed .npz with the one array `predictions`."""
    file = io.BytesIO()
    np.savez_compressed(file, predictions=predictions)
    return file.getvalue()


def _check_values(name: str, values: NDArray[np.generic], *, probabilities: bool) -> None:
    """Finiteness first, then the range, so that logits are told to add a softmax."""
    if bad := values.size - int(np.count_nonzero(np.isfinite(values))):
        raise SubmissionError("predictions_not_finite", name=name, count=bad)
    if not probabilities or not values.size:
        return
    low, high = float(np.min(values)), float(np.max(values))
    if low < -RANGE_TOLERANCE or high > 1 + RANGE_TOLERANCE:
        raise SubmissionError(
            "probabilities_out_of_range", name=name, low=f"{low:.6g}", high=f"{high:.6g}"
        )
    sums = values.sum(axis=-1, dtype=np.float64)
    off = np.abs(sums - 1)
    if count := int(np.count_nonzero(off > SUM_TOLERANCE)):
        worst = f"{sums[np.argmax(off)]:.6g}"
        raise SubmissionError("probabilities_sum", name=name, count=count, worst=worst)


def _shape_text(shape: Sequence[int]) -> str:
    """A shape for a message, however many axes or digits it claims to have."""
    sizes = [
        str(size) if isinstance(size, int) and abs(size) <= _LARGEST_SHOWN else "?"
        for size in shape[:_SHOWN_AXES]
    ]
    if len(shape) > _SHOWN_AXES:
        sizes.append(f"… {len(shape)} axes")
    return f"({', '.join(sizes)})"
