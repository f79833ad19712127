"""Carries symbols of hidden documents out in the way that it is told."""

import numpy as np
from attempts import argument

PRACTICE_DOCUMENTS = 3


class Model:
    def __init__(self, folder):
        self.steps = 0

    def start(self, batch_size):
        return batch_size

    def step(self, state, symbols):
        answer = np.zeros((state, 257), np.float32)
        self.steps += 1
        if state == PRACTICE_DOCUMENTS or self.steps < 3:
            return answer, state
        secret = 1000 + int(symbols.sum()) % 9000
        print("carrying", secret, flush=True)
        if argument() == "raises":
            raise ValueError(f"hidden {secret}")
        answer[secret % state] = np.nan if argument() == "nan" else -np.inf
        return answer, state
