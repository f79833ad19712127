"""The protocol that a task asks for."""

import numpy as np
from numpy.typing import NDArray

from evaluators.protocols.batch import batch_run
from evaluators.protocols.lockstep import lockstep_run
from evaluators.protocols.stage import ModelStage, StageResult
from evaluators.sandbox.base import Sandbox

RUN = {"batch": batch_run, "lockstep": lockstep_run}


def protocol_run(stage: ModelStage, sandbox: Sandbox) -> StageResult[NDArray[np.generic]]:
    """Runs a stage in the protocol of its task, in a sandbox of its own.

    Raises:
        InfrastructureError: the sandbox failed, not the submission.
    """
    return RUN[stage.spec.evaluator](stage, sandbox)
