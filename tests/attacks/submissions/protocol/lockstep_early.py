"""Answers many steps at once, so that the symbols that come tell what it may still change."""

import json

import numpy as np
from attempts import argument, frame, write_everywhere


def answer_early(n):
    print("answering early", flush=True)
    header = json.dumps(
        [
            {"name": "number", "dtype": "int64", "shape": [1]},
            {"name": "log_probs", "dtype": "float32", "shape": [n, 257]},
        ]
    ).encode()
    data = bytes(8) + np.zeros((n, 257), np.float32).tobytes()
    write_everywhere(frame(5, len(header).to_bytes(4, "little") + header + data) * 3)


class Model:
    def __init__(self, folder): ...

    def start(self, batch_size):
        if argument() == "early_at_start":
            answer_early(batch_size)
        return batch_size

    def step(self, state, symbols):
        if argument() == "early":
            answer_early(state)
        return np.zeros((state, 257), np.float32), state
