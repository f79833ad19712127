"""Runs a task's prepare.py with the runtime's Python: `driver TASK RAW OUT SEED [PURPOSE ...]`.

For the purposes named, the seed gives other generators than it would.
"""

import importlib.util
import sys
from pathlib import Path

import numpy as np

from evaluators.runner.seed import Seed


class ChangedSeed(Seed):
    def __init__(self, secret: bytes, changed: list[str]) -> None:
        super().__init__(secret)
        self.changed = changed

    def stream(self, purpose: str) -> np.random.Generator:
        return super().stream(f"{purpose}, changed" if purpose in self.changed else purpose)


task, raw, out = (Path(argument) for argument in sys.argv[1:4])
spec = importlib.util.spec_from_file_location("prepare", task / "prepare.py")
assert spec is not None and spec.loader is not None
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
seed = ChangedSeed(bytes.fromhex(sys.argv[4]), sys.argv[5:])
module.prepare(raw, out / "public", out / "private", seed)
