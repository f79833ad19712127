"""Waits for the next symbols before it answers for them."""

import os

import numpy as np
from attempts import pipes


class Model:
    def __init__(self, folder): ...

    def start(self, batch_size):
        return batch_size

    def step(self, state, symbols):
        found = b""
        for descriptor in pipes():
            try:
                os.set_blocking(descriptor, False)
                found += os.read(descriptor, 100)
            except OSError:
                pass
        print("peeked", found, flush=True)
        return np.zeros((len(symbols), 257), np.float32), state
