"""Claims more than certainty, which is renormalised; its score is that of a uniform guess."""

import numpy as np


class Model:
    def __init__(self, folder): ...

    def start(self, batch_size):
        print("certain of all", flush=True)
        return batch_size

    def step(self, state, symbols):
        return np.full((len(symbols), 257), 1e30, np.float32), state
