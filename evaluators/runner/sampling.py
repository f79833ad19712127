"""The sampling protocol inside the sandbox: texts drawn from a language model."""

from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from .arrays import pack_arrays, unpack_arrays
from .failure import send_failure
from .frames import Kind, read_frame, write_frame
from .texts import encode_texts


def serve_sampling(
    model: Any, orders: dict[str, Any], stdin: BinaryIO, stdout: BinaryIO, largest: int
) -> None:
    """Answers with `sample`: each text is cut at the `longest` that the orders allow."""
    longest = int(orders["longest"])
    while (frame := read_frame(stdin, largest)).kind is Kind.INPUTS:
        try:
            asked = unpack_arrays(frame.payload)
            drawn = model.sample(int(asked["seed"][0]), int(asked["samples"][0]))
            if not all(isinstance(text, str) for text in drawn):
                raise TypeError("sample must return a list of str")
            texts = np.array([text[:longest] for text in drawn], dtype=np.str_)
            packed = pack_arrays(encode_texts({"samples": texts}))
        except Exception as error:  # whatever a model raises is reported, not handled
            send_failure(stdout, "sample", error, Path(orders["folder"]))
            return
        write_frame(stdout, Kind.ANSWER, packed)
