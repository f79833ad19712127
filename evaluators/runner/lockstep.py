"""The lockstep protocol inside the sandbox: many documents, one symbol of each at a time.

The host sends the symbols of a step only after it holds the model's distributions for them.
"""

import json
from pathlib import Path
from typing import Any, BinaryIO

from .answers import as_array
from .arrays import pack_arrays, unpack_arrays
from .failure import send_failure
from .frames import Kind, read_frame, write_frame


def serve_lockstep(
    model: Any, orders: dict[str, Any], stdin: BinaryIO, stdout: BinaryIO, largest: int
) -> None:
    """Answers with `start` for each batch of documents, then with `step` for each symbol."""
    method, state = "start", None
    while (frame := read_frame(stdin, largest)).kind in (Kind.START, Kind.INPUTS):
        try:
            if frame.kind is Kind.START:
                method = "start"
                state = model.start(int(json.loads(frame.payload)["documents"]))
                continue
            method = "step"
            asked = unpack_arrays(frame.payload)
            # A copy, as frameworks want arrays that can be written to.
            log_probs, state = model.step(state, asked["symbols"].copy())
            # What the model chose comes last: its type may be anything.
            answer = {
                "number": asked["number"],
                "log_probs": as_array(log_probs, "log_probs", "step"),
            }
            packed = pack_arrays(answer)
        except Exception as error:  # whatever a model raises is reported, not handled
            send_failure(stdout, method, error, Path(orders["folder"]))
            return
        write_frame(stdout, Kind.ANSWER, packed)
