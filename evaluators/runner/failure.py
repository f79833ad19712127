"""What a failure of the job's code is reported as.

The traceback goes to the log; the host gets the parts and decides which of them the participant
may see. Nothing of it is believed: the code that fails could have written it.
"""

import json
import sys
import traceback
from pathlib import Path
from typing import BinaryIO

from .frames import Kind, write_frame

MESSAGE_CHARACTERS = 1000
# How frameworks say that memory ran out without raising MemoryError.
OUT_OF_MEMORY_WORDS = ("can't allocate memory", "not enough memory", "OOM when allocating")


def send_failure(
    stdout: BinaryIO, step: str, error: Exception, folder: Path, note: str = ""
) -> None:
    """Prints the traceback and sends a FAILURE frame.

    Args:
        stdout: where frames go.
        step: "import", "class", "load", "file", "predict" or "prepare".
        error: what was raised.
        folder: of the job's code; the last line of it in the traceback is reported.
        note: more to say, such as versions.
    """
    frames = [f for f in traceback.extract_tb(error.__traceback__) if _is_below(f.filename, folder)]
    # The runner's own frames would only confuse the reader.
    start = error.__traceback__
    while start is not None and not _is_below(start.tb_frame.f_code.co_filename, folder):
        start = start.tb_next
    traceback.print_exception(type(error), error, start, file=sys.stderr)
    sys.stderr.flush()
    text = str(error)
    report = {
        "step": step,
        "types": [kind.__name__ for kind in type(error).__mro__],
        "message": text[:MESSAGE_CHARACTERS],
        "file": Path(frames[-1].filename).relative_to(folder).as_posix() if frames else None,
        "line": frames[-1].lineno if frames else None,
        "memory": isinstance(error, MemoryError) or any(w in text for w in OUT_OF_MEMORY_WORDS),
        "note": note,
    }
    write_frame(stdout, Kind.FAILURE, json.dumps(report).encode())


def _is_below(filename: str, folder: Path) -> bool:
    return Path(filename).is_relative_to(folder)
