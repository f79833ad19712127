"""Prints in the way that it is told."""

import os
import sys
import time

from attempts import argument, even_odds


def gigabyte():
    line = b"x" * 9999 + b"\n"
    for _ in range(100_000):
        os.write(2, line)


def gigabyte_in_one_line():
    for _ in range(10_000):
        os.write(1, b"x" * 100_000)


def from_a_child():
    if os.fork() == 0:
        while True:
            os.write(2, b"x" * 10_000)
    os.wait()


def from_many_children():
    for _ in range(8):
        if os.fork() == 0:
            while True:
                os.write(2, b"x" * 100)
    os.wait()


def past_the_cap():
    for number in range(20_000):
        os.write(2, b"line %d\n" % number)


def bytes():
    os.write(2, b"\xff and \x1b[31mred and \0 end\n")


def surrogates():
    try:
        print("surrogates \udcff\ud800", flush=True)
    except UnicodeEncodeError as error:
        print(type(error).__name__, flush=True)


def closed():
    print("before", flush=True)
    os.close(1)
    os.close(2)


def to_nobody():
    print("read", os.read(0, 100), flush=True)


def dead_parent():
    print("first", flush=True)
    if os.fork() == 0:
        for number in range(1000):
            os.write(2, b"after %d\n" % number)
            time.sleep(0.01)
    os._exit(0)


def silence():
    """A pipe of its own that nobody reads."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    written = 0
    try:
        while True:
            written += os.write(writing, b"x" * 4096)
    except BlockingIOError:
        print("unread", written, flush=True)


class Model:
    def __init__(self, folder): ...

    def predict(self, inputs):
        globals()[argument()]()
        sys.stdout = None
        return even_odds(inputs)
