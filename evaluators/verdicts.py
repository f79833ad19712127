"""What the participant's code did."""

from enum import StrEnum


class Verdict(StrEnum):
    """The outcome of an evaluation, as the participant's doing (never as our progress)."""

    SCORED = "scored"
    INVALID_ARTIFACT = "invalid_artifact"
    LOAD_ERROR = "load_error"
    RUNTIME_ERROR = "runtime_error"
    INVALID_PREDICTIONS = "invalid_predictions"
    TIMEOUT = "timeout"
    OUT_OF_MEMORY = "out_of_memory"
    OUTPUT_LIMIT = "output_limit"
    CANCELLED = "cancelled"
