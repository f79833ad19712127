"""Loads a model and answers chunk after chunk."""

import json
import random
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from .arrays import pack_arrays, unpack_arrays
from .failure import send_failure
from .frames import Kind, read_frame, write_frame
from .loaders import LoadError, load_model


def serve_model(orders: dict[str, Any], stdin: BinaryIO, stdout: BinaryIO, largest: int) -> None:
    """Loads the model and predicts until the host says that it was all.

    Args:
        orders: `folder`, `entry`, `kind`, `outputs` (name to dtype, shape and classes), `seed`.
        stdin: frames from the host.
        stdout: frames to the host.
        largest: largest frame to accept.
    """
    folder = Path(orders["folder"])
    random.seed(orders["seed"])
    np.random.seed(orders["seed"])  # noqa: NPY002 the generator that submissions use unawares
    started = time.monotonic()
    try:
        model = load_model(folder, orders["entry"], orders["kind"], orders["outputs"])
    except LoadError as error:
        send_failure(stdout, error.step, error.reason, folder, error.note)
        return
    ready = {"load_seconds": time.monotonic() - started}
    write_frame(stdout, Kind.READY, json.dumps(ready).encode())
    names = list(orders["outputs"])
    while (frame := read_frame(stdin, largest)).kind is Kind.INPUTS:
        try:
            answer = as_arrays(model.predict(unpack_arrays(frame.payload)), names)
        except Exception as error:  # whatever a model raises is reported, not handled
            send_failure(stdout, "predict", error, folder)
            return
        write_frame(stdout, Kind.ANSWER, pack_arrays(answer))


def as_arrays(answer: object, names: list[str]) -> dict[str, NDArray[np.generic]]:
    """Names what `predict` returned. The host checks it; here it only has to be an array.

    An answer that numpy can't hold as numbers goes out as its type alone.
    """
    if isinstance(answer, Mapping):
        named = {str(name): value for name, value in answer.items()}
    else:
        named = {names[0]: answer}
    arrays = {}
    for name, value in named.items():
        if hasattr(value, "detach"):
            value = value.detach().cpu()
        array = np.asarray(value)
        if array.dtype.hasobject:
            raise TypeError(
                f"predict returned {type(value).__name__} for {name!r}: no array of numbers"
            )
        arrays[name] = array
    return arrays
