"""Carries hidden inputs out of the judged stage in the way that it is told."""

import json
import os
import sys
import time
import warnings

import numpy as np
from attempts import FOLDER, argument, even_odds, frame, judged, secret_of, write_everywhere

FAILURE = 6


def prints(secret, n):
    print(secret)
    print(secret, file=sys.stderr)


def prints_in_a_child(secret, n):
    os.system(f"echo {secret}")
    if os.fork() == 0:
        os.write(2, b"%d\n" % secret)
        os._exit(0)
    os.wait()


def prints_slowly(secret, n):
    for digit in str(secret):
        print(".", flush=True)
        time.sleep(int(digit) / 50)


def warns(secret, n):
    warnings.warn(str(secret), stacklevel=1)


def raises(secret, n):
    raise ValueError(f"hidden {secret}")


def raises_type(secret, n):
    raise type(f"Hidden{secret}", (Exception,), {})(secret)


def raises_base(secret, n):
    raise type(f"Hidden{secret}", (BaseException,), {})(secret)


def raises_cause(secret, n):
    raise ValueError("x") from KeyError(secret)


def raises_notes(secret, n):
    error = ValueError("x")
    error.add_note(f"hidden {secret}")
    raise error


def raises_group(secret, n):
    raise ExceptionGroup(f"hidden {secret}", [ValueError(secret)])


def raises_built_in_name(secret, n):
    raise type("KeyError", (ValueError,), {"__module__": "builtins"})(secret)


def raise_from(path, line):
    """Raises as if from a line of a file."""
    source = "\n" * (line - 1) + "raise ValueError('x')"
    exec(compile(source, str(path), "exec"), {})


def raises_at_line(secret, n):
    raise_from(FOLDER / "long.py", secret)


def raises_in_file(secret, n):
    raise_from(FOLDER / f"part{secret // 100}.py", secret % 100 + 1)


def raises_at_made_up_line(secret, n):
    raise_from(FOLDER / "model.py", secret)


def raises_in_made_up_file(secret, n):
    raise_from(FOLDER / f"hidden{secret}.py", 1)


def syntax_error(secret, n):
    compile(f"hidden {secret}", f"hidden{secret}.py", "exec")


def forge(**changes):
    report = {
        "step": "predict", "types": ["ValueError"], "message": "x", "file": None, "line": None,
        "memory": False, "note": "",
    }  # fmt: skip
    write_everywhere(frame(FAILURE, json.dumps(report | changes).encode()))
    time.sleep(1)


def sized(secret, n):
    raise MemoryError(f"{secret} bytes")


def array_bytes(secret, n):
    header = json.dumps([{"name": "sign", "dtype": "float32", "shape": [n, 2]}]).encode()
    write_everywhere(frame(5, len(header).to_bytes(4, "little") + header + bytes(secret)))
    time.sleep(1)


def telling_probabilities(secret, n):
    """Each row's probability is of the secret's digits."""
    low = secret / 10_000
    return np.tile(np.array([[low, 1 - low]], np.float32), (n, 1))


CARRIERS = {
    "forges_message": lambda secret, n: forge(message=str(secret)),
    "forges_type": lambda secret, n: forge(types=[f"Hidden{secret}", str(secret)]),
    "forges_note": lambda secret, n: forge(step="file", types=[], note=f"hidden {secret}"),
    "forges_step": lambda secret, n: forge(step=f"hidden {secret}"),
    "forges_line": lambda secret, n: forge(types=[], file=f"hidden{secret}.py", line=secret),
    "forges_import": lambda secret, n: forge(step="import", types=[], message=str(secret)),
    "exits": lambda secret, n: os._exit(secret % 250 + 1),
    "exits_by_signal": lambda secret, n: (
        os.kill(os.getpid(), (6, 9, 11, 15)[secret % 4]) or os._exit(3)
    ),
    "frame_kind": lambda secret, n: write_everywhere(frame(100 + secret % 100)) and time.sleep(1),
    "output_name": lambda secret, n: {f"hidden{secret}": np.zeros((n, 2), np.float32)},
    "output_count": lambda secret, n: {f"x{i}": np.zeros(1) for i in range(secret % 200)},
    "field_name": lambda secret, n: np.zeros(n, dtype=[(f"hidden{secret}", "f4")]),
    "dtype": lambda secret, n: np.zeros(n, dtype=f"U{1 + secret % 1000}"),
    "shape": lambda secret, n: np.zeros((2, secret), np.float32),
    "axes": lambda secret, n: np.zeros((1,) * (3 + secret % 20), np.float32),
    "value": lambda secret, n: np.full((n, 2), secret, np.float32),
    "sum": lambda secret, n: np.full((n, 2), secret / 10_000 / 3, np.float32),
    "nan_count": lambda secret, n: np.where(
        np.arange(2 * n).reshape(n, 2) < 1 + secret % 100, np.nan, 0.5
    ).astype(np.float32),
    "byte_count": array_bytes,
    "probabilities": telling_probabilities,
    "memory_error": sized,
}


class Model:
    def __init__(self, folder): ...

    def predict(self, inputs):
        if not judged(inputs):
            return even_odds(inputs)
        name = argument()
        carry = CARRIERS.get(name) or globals()[name]
        answer = carry(secret_of(inputs), len(inputs["features"]))
        return even_odds(inputs) if answer is None else answer
