"""However a runner ends once it has said hello, it is never a fault of ours."""

import itertools

import pytest

from evaluators.blame import session_fault
from evaluators.report import Log, Stage
from evaluators.sandbox.base import Ending, Outcome
from evaluators.sandbox.pipes import _in_words
from evaluators.spec import Limits
from evaluators.verdicts import Verdict

LIMITS = Limits(wall_seconds=1, memory_mb=64, artifact_mb=1)
# All that a process can end with: killed by a signal, or a status.
STATUSES = (*range(-64, 0), *range(256), None)


def outcome(ending: Ending, status: int | None) -> Outcome:
    log = Log("launch: unshare: Operation not permitted\nInfrastructureError")
    return Outcome(ending, _in_words(status), log, 1.0, 1.0)


@pytest.mark.parametrize("stage", [Stage.PRACTICE, Stage.JUDGED])
def test_it_is_theirs(stage: Stage) -> None:
    for ending, status in itertools.product(Ending, STATUSES):
        fault = session_fault(outcome(ending, status), handshake=True, stage=stage, limits=LIMITS)
        assert fault.message.verdict is not Verdict.SCORED


def test_the_judged_stage_tells_all_endings_in_the_same_words() -> None:
    told = {
        session_fault(
            outcome(Ending.EXITED, status), handshake=True, stage=Stage.JUDGED, limits=LIMITS
        ).message
        for status in STATUSES
    }
    assert len(told) == 1
