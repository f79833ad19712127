"""Says that it is ready and answers, before the runner does."""

import numpy as np
from attempts import even_odds, frame, write_everywhere

HEADER = b'[{"name": "sign", "dtype": "float32", "shape": [30, 2]}]'
DATA = np.full((30, 2), 0.5, np.float32).tobytes()
ANSWER = frame(5, len(HEADER).to_bytes(4, "little") + HEADER + DATA)


class Model:
    def __init__(self, folder):
        print("answering early", flush=True)
        write_everywhere(frame(3, b"{}") + ANSWER)

    def predict(self, inputs):
        return even_odds(inputs)
