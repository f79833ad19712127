"""Has files beside it that are called like modules of the runner."""

import numpy as np

print("loaded", flush=True)


class Model:
    def __init__(self, folder): ...

    def predict(self, inputs):
        return np.full((len(inputs["features"]), 2), 0.5, dtype=np.float32)
