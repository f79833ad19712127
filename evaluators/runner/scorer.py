"""Runs a task's own `scorer.py` on targets and predictions. No code of a student is near."""

import importlib.util
import json
from pathlib import Path
from typing import Any, BinaryIO

from .answers import as_array
from .arrays import pack_arrays, unpack_arrays
from .failure import send_failure
from .frames import Kind, read_frame, write_frame
from .texts import decode_texts

FILE = "scorer.py"


def serve_scorer(orders: dict[str, Any], stdin: BinaryIO, stdout: BinaryIO, largest: int) -> None:
    """Calls the scorer on each frame of `target` and `predictions`.

    Args:
        orders: `task`, the folder that holds `scorer.py`, and `function`, the name of its function
            `(target, predictions) -> {metric: float [n] or [n, 2]}`.
        stdin: frames from the host.
        stdout: frames to the host.
        largest: largest frame to accept.
    """
    folder = Path(orders["task"])
    step = "import"
    try:
        spec = importlib.util.spec_from_file_location("scorer", folder / FILE)
        if spec is None or spec.loader is None:
            raise ImportError(f"{FILE} can't be imported")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        score = getattr(module, orders["function"])
        write_frame(stdout, Kind.READY, json.dumps({}).encode())
        step = "score"
        while (frame := read_frame(stdin, largest)).kind is Kind.INPUTS:
            arrays = decode_texts(unpack_arrays(frame.payload))
            result = score(arrays["target"], arrays["predictions"])
            if not isinstance(result, dict):
                raise TypeError("the scorer must return a dictionary of arrays by metric")
            answer = {str(name): as_array(value, name, "score") for name, value in result.items()}
            write_frame(stdout, Kind.ANSWER, pack_arrays(answer))
    except EOFError:
        raise
    except Exception as error:  # whatever a task's code raises is reported, not handled
        send_failure(stdout, step, error, folder)
