"""Loads a model and serves the protocol that the host asks for."""

import json
import random
import time
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from .batch import serve_batch
from .failure import send_failure
from .frames import Kind, write_frame
from .loaders import LoadError, load_model
from .lockstep import serve_lockstep
from .sampling import serve_sampling

SERVE = {"batch": serve_batch, "lockstep": serve_lockstep, "sampling": serve_sampling}


def serve_model(orders: dict[str, Any], stdin: BinaryIO, stdout: BinaryIO, largest: int) -> None:
    """Loads the model and answers until the host says that it was all.

    Args:
        orders: `folder`, `entry`, `kind`, `protocol`, `methods` that the model must have,
            `outputs` (name to dtype, shape and classes), `seed`.
        stdin: frames from the host.
        stdout: frames to the host.
        largest: largest frame to accept.
    """
    folder = Path(orders["folder"])
    random.seed(orders["seed"])
    np.random.seed(orders["seed"])  # noqa: NPY002 the generator that submissions use unawares
    started = time.monotonic()
    try:
        model = load_model(folder, orders)
    except LoadError as error:
        send_failure(stdout, error.step, error.reason, folder, error.note)
        return
    ready = {"load_seconds": time.monotonic() - started}
    write_frame(stdout, Kind.READY, json.dumps(ready).encode())
    SERVE[orders["protocol"]](model, orders, stdin, stdout, largest)
