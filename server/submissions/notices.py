"""What participants are told when neither the catalogue of verdicts nor they are concerned."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Notice:
    """A message of ours."""

    code: str
    text: str
    help: str


TASK_FAULT = Notice(
    code="task_fault",
    text="The task has a fault; your instructor has been told and nothing was charged.",
    help=(
        "Nothing: once the task is mended, your instructor can have it judged again. Or wait for "
        "word and submit again."
    ),
)
OUR_FAULT = Notice(
    code="our_fault",
    text=(
        "We failed to judge this submission several times. The fault is ours, not your model’s. "
        "Nothing was charged, and your instructor has been told."
    ),
    help=(
        "Nothing: your instructor can have it judged again. Or submit it again now; if that fails "
        "too, tell your instructor."
    ),
)
