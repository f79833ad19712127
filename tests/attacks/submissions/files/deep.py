"""Makes folders inside folders."""

import os

from attempts import even_odds


class Model:
    def __init__(self, folder):
        depth = 0
        try:
            while depth < 5000:
                os.mkdir("x" * 200)
                os.chdir("x" * 200)
                depth += 1
        except OSError as error:
            print(error)
        print("depth", depth, flush=True)

    def predict(self, inputs):
        return even_odds(inputs)
