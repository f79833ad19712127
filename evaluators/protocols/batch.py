"""The batch protocol: chunks of inputs in, an answer for each item out."""

import math

import numpy as np
from numpy.typing import NDArray

from evaluators.errors import SubmissionError
from evaluators.predictions import predictions_check
from evaluators.protocols.stage import Conversation, ModelStage, StageResult, stage_run
from evaluators.runner.arrays import RawArray, pack_arrays
from evaluators.runner.frames import Kind
from evaluators.runner.texts import encode_texts
from evaluators.sandbox.base import Sandbox

CHUNK_ITEMS = 512
SIGNATURES = {"predict": "predict(self, inputs)"}


def batch_run(stage: ModelStage, sandbox: Sandbox) -> StageResult[NDArray[np.generic]]:
    """Runs one stage in a sandbox of its own, which is dead when this returns.

    Returns:
        Predictions in the order of the items, [N, ...], checked.

    Raises:
        InfrastructureError: the sandbox failed, not the submission.
    """
    return stage_run(stage, sandbox, _hold)


def _hold(talk: Conversation) -> NDArray[np.generic]:
    stage = talk.stage
    name = stage.spec.output_name
    output = stage.spec.output[name]
    described = output.model_dump(mode="json", include={"dtype", "shape", "classes"})
    talk.begin("batch", SIGNATURES, outputs={name: described})
    predictions = np.empty((len(stage.order), *output.item_shape), dtype=output.dtype)
    item_bytes = math.prod(output.item_shape) * np.dtype(output.dtype).itemsize
    for start in range(0, len(stage.order), CHUNK_ITEMS):
        chunk = stage.order[start : start + CHUNK_ITEMS]
        inputs = {name: array[chunk] for name, array in stage.inputs.items()}
        talk.send(Kind.INPUTS, pack_arrays(encode_texts(inputs)))
        raw = _only(talk, talk.answer(len(chunk) * item_bytes), name)
        predictions[chunk] = predictions_check(
            name=raw.name,
            dtype=raw.dtype,
            shape=raw.shape,
            data=raw.data,
            spec=output,
            items=len(chunk),
            hidden=talk.hidden,
        )
    talk.send(Kind.END)
    return predictions


def _only(talk: Conversation, arrays: list[RawArray], name: str) -> RawArray:
    if [array.name for array in arrays] != [name]:
        if talk.hidden:
            # The names are the model's own words, and it has seen hidden inputs.
            raise SubmissionError("judged_predictions_missing", wanted=f"{name!r} alone")
        got = ", ".join(repr(array.name) for array in arrays) or "nothing"
        raise SubmissionError("predictions_missing", got=got, wanted=f"{name!r} alone")
    return arrays[0]
