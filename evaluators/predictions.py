"""Reads what a model answered, as hostile bytes, and keeps it in a compact file."""

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluators.errors import SubmissionError
from evaluators.spec import OutputSpec

# What float32 arithmetic may add to the ends of [0, 1], and what rounding may do to a sum.
RANGE_TOLERANCE = 1e-6
SUM_TOLERANCE = 1e-3

# What is wrong, in words that no model can choose.
_PROBLEMS = {
    "predictions_type": "have another type than the task wants",
    "predictions_shape": "have another shape than one answer for each input",
    "predictions_size": "came as another number of bytes than their type and shape need",
    "predictions_not_finite": "hold values that are NaN or infinite",
    "probabilities_out_of_range": "are no probabilities: there are values outside 0 to 1",
    "probabilities_sum": "are no probabilities: there are rows that don't add up to 1",
    "mask_values": "are no masks: there are values other than 0 and 1",
    "log_probabilities_nan": "hold values that are NaN or plus infinity",
    "log_probabilities_none": "call every symbol impossible in some rows",
}
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
    hidden: bool = False,
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
        hidden: whether the model has seen hidden inputs. Then no refusal repeats what it answered,
            as a type's name or a figure could carry those inputs out.

    Returns:
        A read-only copy, [items, ...].

    Raises:
        SubmissionError: the array is not what the task wants; the verdict is
            `invalid_predictions`.
    """
    refusal = Refusal(name, hidden)
    values = array_check(
        refusal,
        dtype=dtype,
        shape=shape,
        data=data,
        wanted_dtype=spec.dtype,
        wanted_shape=(items, *spec.item_shape),
    )
    _check_values(refusal, values, spec.kind)
    return values


def array_check(
    refusal: "Refusal",
    *,
    dtype: str,
    shape: Sequence[int],
    data: bytes | memoryview,
    wanted_dtype: str,
    wanted_shape: tuple[int, ...],
) -> NDArray[np.generic]:
    """Reads an array that must have just this type and shape, whatever its values are.

    Returns:
        A read-only copy.

    Raises:
        SubmissionError: what `refusal` makes.
    """
    if dtype != wanted_dtype:
        raise refusal("predictions_type", got=dtype, wanted=wanted_dtype)
    if tuple(shape) != wanted_shape:
        wanted = _shape_text(wanted_shape)
        raise refusal("predictions_shape", got=_shape_text(shape), wanted=wanted)
    little_endian = np.dtype(wanted_dtype).newbyteorder("<")
    got_size = memoryview(data).nbytes
    size = math.prod(wanted_shape) * little_endian.itemsize
    if got_size != size:
        raise refusal("predictions_size", got=got_size, wanted=size)
    # An array over bytes can't be written to, nor be made so.
    return np.frombuffer(bytes(data), dtype=little_endian).reshape(wanted_shape)


def predictions_pack(predictions: NDArray[np.generic]) -> bytes:
    """Writes checked predictions as a compressed .npz with the one array `predictions`."""
    file = io.BytesIO()
    np.savez_compressed(file, predictions=predictions)
    return file.getvalue()


@dataclass(frozen=True, slots=True)
class Refusal:
    """Makes the error, with or without what the model answered.

    Attributes:
        name: of the array.
        hidden: whether the model has seen hidden inputs.
    """

    name: str
    hidden: bool

    def __call__(self, code: str, **details: object) -> SubmissionError:
        """Makes the error of a code in the catalogue of messages."""
        if self.hidden:
            return SubmissionError("judged_predictions", name=self.name, problem=_PROBLEMS[code])
        return SubmissionError(code, name=self.name, **details)


def _check_values(refusal: Refusal, values: NDArray[np.generic], kind: str) -> None:
    """Finiteness first, then the range, so that logits are told to add a softmax."""
    if bad := values.size - int(np.count_nonzero(np.isfinite(values))):
        raise refusal("predictions_not_finite", count=bad)
    if kind == "mask" and (count := int(np.count_nonzero(values > np.uint8(1)))):
        raise refusal("mask_values", count=count, highest=int(np.max(values)))
    if kind != "probabilities" or not values.size:
        return
    low, high = float(np.min(values)), float(np.max(values))
    if low < -RANGE_TOLERANCE or high > 1 + RANGE_TOLERANCE:
        raise refusal("probabilities_out_of_range", low=f"{low:.6g}", high=f"{high:.6g}")
    sums = values.sum(axis=-1, dtype=np.float64)
    off = np.abs(sums - 1)
    if count := int(np.count_nonzero(off > SUM_TOLERANCE)):
        worst = f"{sums[np.argmax(off)]:.6g}"
        raise refusal("probabilities_sum", count=count, worst=worst)


def _shape_text(shape: Sequence[int]) -> str:
    """A shape for a message, however many axes or digits it claims to have."""
    sizes = [
        str(size) if isinstance(size, int) and abs(size) <= _LARGEST_SHOWN else "?"
        for size in shape[:_SHOWN_AXES]
    ]
    if len(shape) > _SHOWN_AXES:
        sizes.append(f"… {len(shape)} axes")
    return f"({', '.join(sizes)})"
