"""Lets a language model draw texts. A model that can't is judged all the same."""

from dataclasses import replace

from evaluators.protocols.sampling import sampling_run
from evaluators.protocols.stage import ModelStage
from evaluators.report import Samples
from evaluators.sandbox.base import Sandbox
from evaluators.verdicts import Verdict

# Frameworks take seeds of 31 bits.
SAMPLING_SEEDS = 1 << 31


def samples_draw(*, stage: ModelStage, samples: int, sandbox: Sandbox, seed: int) -> Samples:
    """Draws samples in a sandbox of their own, beside the practice stage.

    Args:
        stage: the practice stage of the model.
        samples: how many to draw.
        sandbox: where.
        seed: what the model is told to draw by, from 0 to `SAMPLING_SEEDS` - 1.

    Returns:
        The texts, or why there are none.

    Raises:
        SubmissionError: the evaluation was cancelled.
        InfrastructureError: the sandbox failed, not the submission.
    """
    result = sampling_run(replace(stage, on_log=None), sandbox, seed=seed, samples=samples)
    if result.error is not None:
        if result.error.message.verdict is Verdict.CANCELLED:
            raise result.error
        return Samples(message=result.error.message)
    return Samples(texts=result.required())
