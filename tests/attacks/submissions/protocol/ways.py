"""Takes the protocol out of the runner's hands."""

import os
import sys
import time

import numpy as np
from attempts import argument, even_odds, frame, pipes, write_everywhere


def answer(n):
    header = b'[{"name": "sign", "dtype": "float32", "shape": [%d, 2]}]' % n
    data = np.full((n, 2), 0.5, np.float32).tobytes()
    return frame(5, len(header).to_bytes(4, "little") + header + data)


def answers_twice(n):
    write_everywhere(answer(n))


def steals_input(n):
    """The host says nothing before it has its answer; this one hears what comes after."""
    write_everywhere(answer(n))
    for descriptor in pipes():
        try:
            print("stolen", os.read(descriptor, 100), flush=True)
        except OSError:
            pass


def child_answers(n):
    for _ in range(3):
        if os.fork() == 0:
            write_everywhere(answer(n))
            os._exit(0)
    time.sleep(0.2)


def duplicates(n):
    for descriptor in pipes():
        for _ in range(3):
            try:
                os.write(os.dup(descriptor), b"SBgarbage")
            except OSError:
                pass


def patches_runner(n):
    for name, module in list(sys.modules.items()):
        if name.endswith("_runner.frames") or name.endswith("_runner.batch"):
            module.write_frame = lambda stream, kind, payload=b"": stream.write(b"patched!" * 10)


def closes_and_reuses(n):
    for descriptor in pipes():
        file = os.open("/tmp/own", os.O_CREAT | os.O_RDWR)
        os.dup2(file, descriptor)


def huge_write(n):
    write_everywhere(frame(5, length=1 << 30) + bytes(1 << 30))


class Model:
    def __init__(self, folder): ...

    def predict(self, inputs):
        print("trying", argument(), flush=True)
        globals()[argument()](len(inputs["features"]))
        return even_odds(inputs)
