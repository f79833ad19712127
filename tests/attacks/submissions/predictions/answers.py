"""Answers in the way that it is told."""

import itertools
import os
import time

import numpy as np
from attempts import MARKER, argument
from numpy.lib.stride_tricks import as_strided


class Runs:
    def __reduce__(self):
        return os.system, (f"touch /tmp/{MARKER}-pickle",)


class Becomes:
    def __init__(self, make):
        self.make = make

    def __array__(self, dtype=None, copy=None):
        return self.make()


class Liar:
    """Says that it is a tensor, and answers whatever it is asked."""

    shape, dtype = (30, 2), "float32"

    def detach(self):
        return self

    def cpu(self):
        return self


class Text(str):
    def __eq__(self, other):
        return self is other

    __hash__ = str.__hash__


def bits(value, n):
    return np.full((n, 2), value, np.uint32).view(np.float32)


def halves(n, dtype=np.float32):
    return np.full((n, 2), 0.5, dtype)


ANSWERS = {
    "objects": lambda n: np.full((n, 2), None),
    "pickles": lambda n: np.full((n, 2), Runs()),
    "ragged": lambda n: [[0.5] * (1 + i % 3) for i in range(n)],
    "nothing": lambda n: None,
    "generator": lambda n: itertools.count(),
    "strings": lambda n: np.full((n, 2), "0.5"),
    "numbers_as_text": lambda n: [["0.5", "0.5"]] * n,
    "booleans": lambda n: np.ones((n, 2), bool),
    "dates": lambda n: np.zeros((n, 2), "datetime64[ns]"),
    "complex": lambda n: halves(n, np.complex64),
    "float16": lambda n: halves(n, np.float16),
    "float64": lambda n: halves(n, np.float64),
    "float128": lambda n: halves(n, np.longdouble),
    "big_endian": lambda n: halves(n, ">f4"),
    "structured": lambda n: np.zeros(n, [("a", "f4"), ("b", "f4")]),
    "void": lambda n: np.zeros((n, 2), "V4"),
    "zero_size": lambda n: np.zeros((0, 2), np.float32),
    "zero_columns": lambda n: np.zeros((n, 0), np.float32),
    "scalar": lambda n: np.float32(0.5),
    "one_more": lambda n: halves(n + 1),
    "one_fewer": lambda n: halves(n - 1),
    "transposed": lambda n: halves(n).T,
    "many_axes": lambda n: np.zeros((1,) * 32, np.float32),
    "nan": lambda n: np.full((n, 2), np.nan, np.float32),
    "nan_payload": lambda n: bits(0x7FC04711, n),
    "signalling_nan": lambda n: bits(0x7F804711, n),
    "infinity": lambda n: np.full((n, 2), np.inf, np.float32),
    "negative": lambda n: np.tile(np.array([[-0.5, 1.5]], np.float32), (n, 1)),
    "large": lambda n: np.full((n, 2), 3e38, np.float32),
    "halves": lambda n: halves(n) / 2,
    "zeros": lambda n: np.zeros((n, 2), np.float32),
    "denormal": lambda n: np.tile(np.array([[1e-45, 1]], np.float32), (n, 1)),
    "certain_and_wrong": lambda n: np.tile(np.array([[0, 1]], np.float32), (n, 1)),
    "strided": lambda n: halves(4 * n)[::4],
    "fortran": lambda n: np.asfortranarray(halves(n)),
    "reversed": lambda n: halves(n)[::-1, ::-1],
    "read_only": lambda n: np.frombuffer(halves(n).tobytes(), np.float32).reshape(n, 2),
    "masked": lambda n: np.ma.masked_array(halves(n), mask=True),
    "array_like": lambda n: Becomes(lambda: halves(n)),
    "broadcast": lambda n: as_strided(np.ones(1, np.float32), (1 << 38, 2), (0, 0)),
    "claims_large": lambda n: Becomes(lambda: np.ones((1 << 30, 2), np.float32)),
    "slow_array": lambda n: Becomes(lambda: time.sleep(600)),
    "liar": lambda n: Liar(),
    "other_name": lambda n: {"other": halves(n)},
    "two_names": lambda n: {"sign": halves(n), "other": halves(n)},
    "no_names": lambda n: {},
    "odd_names": lambda n: {1: halves(n), None: halves(n)},
    "twin_names": lambda n: {Text("sign"): halves(n), Text("sign "): halves(n)},
    "million_names": lambda n: dict.fromkeys(range(1_000_000), np.float32(0)),
    "nested": lambda n: {"sign": {"sign": halves(n)}},
}


class Model:
    def __init__(self, folder): ...

    def predict(self, inputs):
        print("answering", argument(), flush=True)
        return ANSWERS[argument()](len(inputs["features"]))
