"""How far an evaluation is, and whether a page that shows it is still true."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

from evaluators.report import Stage
from server.submissions.models import Evaluation
from server.submissions.outlook import Outlook
from server.submissions.selectors import SubmissionAccess
from server.web.words import STAGE_TITLES

STAGES = tuple(stage.value for stage in Stage)
TRACK = ("Waiting", *(STAGE_TITLES[stage] for stage in STAGES))


@dataclass(frozen=True, slots=True)
class Step:
    """A step of an evaluation: done, now or to come."""

    title: str
    state: Literal["done", "now", "next"]


def steps_of(evaluation: Evaluation, outlook: Outlook | None) -> list[Step]:
    """All steps, as far as the evaluation has come; one that its worker dropped begins again."""
    now = 0 if outlook is not None else 1 + STAGES.index(evaluation.stage or STAGES[0])
    return [
        Step(title, "done" if number < now else "now" if number == now else "next")
        for number, title in enumerate(TRACK)
    ]


def durations_of(access: SubmissionAccess) -> list[tuple[str, float]]:
    """How long each stage took, in seconds, in their order."""
    found = access.usage.durations
    return [(STAGE_TITLES[stage], found[stage]) for stage in STAGES if stage in found]


def state_of(evaluation: Evaluation, outlook: Outlook | None) -> str:
    """Names all that changes on a page: one that has the same name needs nothing new."""
    return _digest(
        step_of(evaluation, outlook),
        evaluation.attempt,
        evaluation.cancel_requested,
        evaluation.practice_log,
        evaluation.practice_log_dropped,
    )


def step_of(evaluation: Evaluation, outlook: Outlook | None) -> str:
    """Names what is worth telling who can't see the page: a new step, not each line of the log."""
    return _digest(evaluation.pk, evaluation.status, evaluation.stage, outlook)


def _digest(*values: object) -> str:
    return sha256(repr(values).encode()).hexdigest()[:16]
