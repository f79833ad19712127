"""The batch protocol inside the sandbox: a chunk of inputs in, an answer for each item out."""

from pathlib import Path
from typing import Any, BinaryIO

from .answers import as_arrays
from .arrays import pack_arrays, unpack_arrays
from .failure import send_failure
from .frames import Kind, read_frame, write_frame
from .texts import decode_texts


def serve_batch(
    model: Any, orders: dict[str, Any], stdin: BinaryIO, stdout: BinaryIO, largest: int
) -> None:
    """Answers chunk after chunk with `predict`."""
    names = list(orders["outputs"])
    while (frame := read_frame(stdin, largest)).kind is Kind.INPUTS:
        try:
            inputs = decode_texts(unpack_arrays(frame.payload))
            answer = pack_arrays(as_arrays(model.predict(inputs), names))
        except Exception as error:  # whatever a model raises is reported, not handled
            send_failure(stdout, "predict", error, Path(orders["folder"]))
            return
        write_frame(stdout, Kind.ANSWER, answer)
