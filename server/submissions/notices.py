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
    help="Wait for word from your instructor, then submit again.",
)
OUR_FAULT = Notice(
    code="our_fault",
    text="We failed to judge this submission several times. Nothing was charged.",
    help="Submit it again. If that fails too, tell your instructor the submission's address.",
)
