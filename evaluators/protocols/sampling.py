"""The sampling protocol: texts that a language model draws, for information beside its score.

It needs no hidden input: samples are drawn in a practice sandbox, and students may read them.
"""

import numpy as np

from evaluators.errors import SubmissionError
from evaluators.protocols.stage import Conversation, ModelStage, StageResult, stage_run
from evaluators.runner.arrays import RawArray, pack_arrays
from evaluators.runner.frames import Kind
from evaluators.runner.texts import OFFSETS
from evaluators.sandbox.base import Sandbox

LONGEST_CHARACTERS = 2000
CHARACTER_BYTES = 4
ANSWER = "samples"
SIGNATURES = {"sample": "sample(self, seed, n)"}


def sampling_run(
    stage: ModelStage, sandbox: Sandbox, *, seed: int, samples: int
) -> StageResult[tuple[str, ...]]:
    """Draws samples in a sandbox of its own, which is dead when this returns.

    Args:
        stage: what to run; its inputs are not used.
        sandbox: where.
        seed: what the model is told to draw by, not known to it before; 31 bits.
        samples: how many to draw.

    Returns:
        The texts, each cut at 2000 characters.

    Raises:
        InfrastructureError: the sandbox failed, not the submission.
    """

    def hold(talk: Conversation) -> tuple[str, ...]:
        talk.begin("sampling", SIGNATURES, longest=LONGEST_CHARACTERS)
        asked = {"seed": np.array([seed]), "samples": np.array([samples])}
        talk.send(Kind.INPUTS, pack_arrays(asked))
        texts = _texts(talk, talk.answer(samples * LONGEST_CHARACTERS * CHARACTER_BYTES))
        if len(texts) != samples:
            raise SubmissionError("samples_wrong", got=f"{len(texts)} texts", wanted=samples)
        talk.send(Kind.END)
        return texts

    return stage_run(stage, sandbox, hold)


def _texts(talk: Conversation, arrays: list[RawArray]) -> tuple[str, ...]:
    """Reads texts as hostile bytes: nothing but whole, valid pieces of a sane length."""
    if [array.name for array in arrays] != [ANSWER, ANSWER + OFFSETS]:
        raise talk.nonsense()
    content, ends = arrays
    if content.dtype != "uint8" or ends.dtype != "int64" or ends.data.nbytes % 8:
        raise talk.nonsense()
    offsets = np.frombuffer(bytes(ends.data), dtype="<i8")
    size = content.data.nbytes
    # Compared, not subtracted: differences of hostile numbers overflow, and come out positive.
    falling = bool(np.any(offsets[1:] < offsets[:-1]))
    if not len(offsets) or offsets[0] != 0 or offsets[-1] != size or falling:
        raise talk.nonsense()
    whole = bytes(content.data)
    try:
        texts = [
            whole[start:end].decode() for start, end in zip(offsets[:-1], offsets[1:], strict=True)
        ]
    except UnicodeDecodeError as error:
        raise talk.nonsense() from error
    return tuple(text[:LONGEST_CHARACTERS] for text in texts)
