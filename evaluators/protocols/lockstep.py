"""The lockstep protocol: a language model commits itself before it sees each symbol.

A document is its UTF-8 bytes and an end of text: 257 symbols. At step t the model gets the symbols
of step t - 1 of many documents (end of text at the beginning) and answers with log-probabilities
of those of step t, which it is sent only afterwards. The host renormalises them in float64 and
mixes in a ten-thousandth of uniform, so that neither unnormalised answers nor a certainty that
happens to be wrong make the number of bits anything but the length of a real code.

Documents come in the order of the stage, not sorted by length: a document that ends would tell how
long its neighbours are.
"""

import json
import secrets

import numpy as np
from numpy.typing import NDArray

from evaluators.predictions import Refusal, array_check
from evaluators.protocols.stage import Conversation, ModelStage, StageResult, stage_run
from evaluators.runner.arrays import RawArray, pack_arrays
from evaluators.runner.frames import Kind
from evaluators.sandbox.base import Sandbox

SYMBOLS = 257
END_OF_TEXT = 256
UNIFORM_SHARE = 1e-4
BATCH_DOCUMENTS = 512
ANSWER = "log_probs"
SIGNATURES = {"start": "start(self, batch_size)", "step": "step(self, state, symbols)"}


def lockstep_run(stage: ModelStage, sandbox: Sandbox) -> StageResult[NDArray[np.generic]]:
    """Runs one stage in a sandbox of its own, which is dead when this returns.

    Returns:
        float64 [N, L], the bits that each symbol of each document cost, in the order of the items;
        L is the number of symbols of the longest one, and what is past a document's end is 0.

    Raises:
        InfrastructureError: the sandbox failed, not the submission.
    """
    return stage_run(stage, sandbox, _hold)


def document_symbols(text: str) -> NDArray[np.uint16]:
    """The symbols of a document, its end of text included: uint16 [bytes + 1]."""
    return np.array([*text.encode(), END_OF_TEXT], dtype=np.uint16)


def symbol_bits(
    log_probs: NDArray[np.floating], symbols: NDArray[np.uint16]
) -> NDArray[np.float64]:
    """What symbols cost under a model's answer.

    -log2 p', with p' = (1 - e) softmax(log_probs) + e / 257 and e = 1e-4.

    Args:
        log_probs: [B, 257], no NaN, no plus infinity, in each row something above minus infinity.
        symbols: uint16 [B], those that came.

    Returns:
        float64 [B], at least 0.
    """
    logs = log_probs.astype(np.float64)
    logs -= logs.max(axis=1, keepdims=True)
    shares = np.exp(logs)
    chosen = shares[np.arange(len(symbols)), symbols] / shares.sum(axis=1)
    bits: NDArray[np.float64] = -np.log2((1 - UNIFORM_SHARE) * chosen + UNIFORM_SHARE / SYMBOLS)
    return bits


def _hold(talk: Conversation) -> NDArray[np.generic]:
    documents = [document_symbols(str(text)) for text in talk.stage.inputs["text"]]
    bits = np.zeros((len(documents), max(map(len, documents))))
    talk.begin("lockstep", SIGNATURES)
    order = talk.stage.order
    for start in range(0, len(order), BATCH_DOCUMENTS):
        chosen = order[start : start + BATCH_DOCUMENTS]
        _batch(talk, [documents[number] for number in chosen], chosen, bits)
    talk.send(Kind.END)
    return bits


def _batch(
    talk: Conversation,
    documents: list[NDArray[np.uint16]],
    rows: NDArray[np.int64],
    bits: NDArray[np.float64],
) -> None:
    """Goes through a batch of documents and writes what their symbols cost into their rows."""
    lengths = np.array([len(document) for document in documents])
    symbols = np.full((len(documents), lengths.max()), END_OF_TEXT, dtype=np.uint16)
    for row, document in enumerate(documents):
        symbols[row, : len(document)] = document
    talk.send(Kind.START, json.dumps({"documents": len(documents)}).encode())
    previous = np.full(len(documents), END_OF_TEXT, dtype=np.uint16)
    for step in range(symbols.shape[1]):
        log_probs = _step(talk, previous)
        # A document that is over goes on as ends of text, and what is answered for it is ignored.
        active = step < lengths
        _check_values(talk, log_probs[active])
        bits[rows[active], step] = symbol_bits(log_probs[active], symbols[active, step])
        previous = symbols[:, step]


def _step(talk: Conversation, previous: NDArray[np.uint16]) -> NDArray[np.float32]:
    # A number that nobody can guess: an answer from before it was asked for does not hold it.
    number = secrets.randbits(63)
    asked: dict[str, NDArray[np.generic]] = {
        "symbols": previous,
        "number": np.array([number], dtype=np.int64),
    }
    talk.send(Kind.INPUTS, pack_arrays(asked))
    shape = (len(previous), SYMBOLS)
    arrays = talk.answer(4 * len(previous) * SYMBOLS)
    if [array.name for array in arrays] != ["number", ANSWER]:
        raise talk.nonsense()
    echo, answer = arrays
    if not _echoes(echo, number):
        raise talk.nonsense()
    values = array_check(
        Refusal(ANSWER, talk.hidden),
        dtype=answer.dtype,
        shape=answer.shape,
        data=answer.data,
        wanted_dtype="float32",
        wanted_shape=shape,
    )
    return values.astype(np.float32, copy=False)


def _echoes(echo: RawArray, number: int) -> bool:
    return (echo.dtype, echo.shape) == ("int64", (1,)) and bytes(echo.data) == number.to_bytes(
        8, "little"
    )


def _check_values(talk: Conversation, log_probs: NDArray[np.float32]) -> None:
    """Minus infinity is probability zero and allowed, as long as something is left in a row.

    Raises:
        SubmissionError: NaN, plus infinity, or a row without any probability.
    """
    refusal = Refusal(ANSWER, talk.hidden)
    bad = np.isnan(log_probs) | (log_probs == np.inf)
    if count := int(np.count_nonzero(bad)):
        raise refusal("log_probabilities_nan", count=count)
    if count := int(np.count_nonzero(log_probs.max(axis=1, initial=-np.inf) == -np.inf)):
        raise refusal("log_probabilities_none", count=count)
