"""A model that would be judged, were it not for what it comes in."""

import numpy as np


class Model:
    def __init__(self, folder):
        print("honest", flush=True)

    def predict(self, inputs):
        return np.full((len(inputs["features"]), 2), 0.5, dtype=np.float32)
