"""One job: hello, orders, then a model's answers, a task's scores or a task's preparation."""

import json
from typing import Any, BinaryIO

from .frames import Frame, FrameError, Kind, read_frame, write_frame
from .model import serve_model
from .preparation import serve_preparation
from .scorer import serve_scorer

# What the host sends is trusted; this only keeps a mistake from filling the memory.
LARGEST = 1 << 31


def run(stdin: BinaryIO, stdout: BinaryIO) -> None:
    """Serves a job until the host closes the pipe or says that it was all."""
    write_frame(stdout, Kind.HELLO)
    try:
        orders: dict[str, Any] = json.loads(_expect(stdin, Kind.CONFIGURE).payload)
        if orders["job"] == "model":
            serve_model(orders, stdin, stdout, LARGEST)
        elif orders["job"] == "score":
            serve_scorer(orders, stdin, stdout, LARGEST)
        else:
            serve_preparation(orders, stdout)
    except EOFError:
        return


def _expect(stdin: BinaryIO, kind: Kind) -> Frame:
    frame = read_frame(stdin, LARGEST)
    if frame.kind is not kind:
        raise FrameError(f"{frame.kind.name} instead of {kind.name}")
    return frame
