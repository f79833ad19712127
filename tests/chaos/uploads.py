"""What the suite submits: models that take their time in a known stage and score a known number."""

import io
import itertools
import math
import os
import zipfile
from dataclasses import dataclass

from evaluators.verdicts import Verdict

# The practice sample of the tiny task is smaller, the judged one larger.
PRACTICE_AT_MOST = 50

MODEL = """\
import time

import numpy as np


class Model:
    def __init__(self, folder):
        print("loading", flush=True)

    def predict(self, inputs):
        first = inputs["points"][:, 0]
        time.sleep({practice} if len(first) <= {most} else {judged})
        right = np.where(first > 0, {sure}, 1 - {sure})
        return np.stack([1 - right, right], axis=1).astype("float32")
"""

_numbers = itertools.count()


@dataclass(frozen=True, slots=True)
class Upload:
    """A zip, and what must come of it whatever breaks meanwhile.

    Attributes:
        content: the zip.
        verdict: the right one.
        log_loss: what it scores on every split; None if it isn't scored.
        invalid: whether it counts against the limit of invalid submissions, not of scored ones.
        charged: whether it counts against any limit.
    """

    content: bytes
    verdict: Verdict
    log_loss: float | None
    invalid: bool = False
    charged: bool = True


def scored(*, practice: float = 0.0, judged: float = 0.0, padding: int = 0) -> Upload:
    """A model that is scored, unlike any before it.

    Args:
        practice: seconds that it takes in the practice stage.
        judged: seconds that it takes in the judged stage.
        padding: kilobytes of weights that it has and doesn't need.
    """
    sure = 0.55 + (next(_numbers) % 4000) / 10_000
    source = MODEL.format(practice=practice, judged=judged, sure=sure, most=PRACTICE_AT_MOST)
    return Upload(_zipped(source, padding), Verdict.SCORED, -math.log(sure))


def failing() -> Upload:
    """A model that can't be loaded."""
    source = f"# {next(_numbers)}\nraise ValueError('broken')\n"
    return Upload(_zipped(source), Verdict.LOAD_ERROR, None, invalid=True)


def _zipped(source: str, padding: int = 0) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("model.py", source)
        if padding:
            archive.writestr("weights.bin", os.urandom(padding * 1024))
    return packed.getvalue()
