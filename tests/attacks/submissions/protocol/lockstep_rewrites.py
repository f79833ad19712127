"""Sends a second answer for a step once its symbols have come."""

import json

import numpy as np
from attempts import frame, write_everywhere


class Model:
    def __init__(self, folder): ...

    def start(self, batch_size):
        return (batch_size, False)

    def step(self, state, symbols):
        n, seen = state
        if seen:
            print("rewriting", flush=True)
            log_probs = np.full((n, 257), -50, np.float32)
            log_probs[np.arange(n), symbols] = 0
            header = json.dumps([{"name": "log_probs", "dtype": "float32", "shape": [n, 257]}])
            payload = header.encode() + log_probs.tobytes()
            write_everywhere(frame(5, len(header).to_bytes(4, "little") + payload))
        return np.zeros((n, 257), np.float32), (n, True)
