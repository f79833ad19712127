"""The source of submissions that fit any task: what they do, and what they answer with."""

from evaluators.spec import TaskSpec

_BATCH = """
import os, socket, subprocess, sys, time
import numpy as np

SHAPE, DTYPE = {shape}, "{dtype}"


class Model:
    def __init__(self, folder):
        self.folder = folder

    def predict(self, inputs):
        n = len(next(iter(inputs.values())))
        answer = {answer}
{body}
        return answer
"""

_LOCKSTEP = """
import os, socket, subprocess, sys, time
import numpy as np


class Model:
    def __init__(self, folder):
        self.folder = folder

    def start(self, batch_size):
        self.acted = False
        return batch_size

    def step(self, state, symbols):
        n = len(symbols)
        answer = {answer}
        if not self.acted:
            self.acted = True
{body}
        return answer, state

    def sample(self, seed, n):
        return ["text"] * n
"""

_NULL = {
    "values": "np.zeros((n, *SHAPE), DTYPE)",
    "mask": "np.zeros((n, *SHAPE), DTYPE)",
    "probabilities": "np.full((n, *SHAPE), 1 / SHAPE[0], DTYPE)",
    "bits": "np.zeros((n, 257), np.float32)",
}
_RANDOM = {
    "values": "np.random.default_rng(0).standard_normal((n, *SHAPE)).astype(DTYPE)",
    "mask": "np.random.default_rng(0).integers(0, 2, (n, *SHAPE)).astype(DTYPE)",
    "probabilities": "np.random.default_rng(0).dirichlet(np.ones(SHAPE[0]), n).astype(DTYPE)",
    "bits": "np.random.default_rng(n).standard_normal((n, 257)).astype(np.float32)",
}


def null_source(spec: TaskSpec, *body: str) -> str:
    """A model.py that runs some lines on being asked, then answers with nothing but zeros."""
    return _source(spec, _NULL[spec.output_kind], body)


def random_source(spec: TaskSpec) -> str:
    """A model.py that answers by chance."""
    return _source(spec, _RANDOM[spec.output_kind], ())


def _source(spec: TaskSpec, answer: str, body: tuple[str, ...]) -> str:
    if not spec.output:
        lines = "\n".join(" " * 12 + line for line in body)
        return _LOCKSTEP.format(answer=answer, body=lines)
    output = spec.output[spec.output_name]
    lines = "\n".join(" " * 8 + line for line in body)
    return _BATCH.format(shape=output.item_shape, dtype=output.dtype, answer=answer, body=lines)
