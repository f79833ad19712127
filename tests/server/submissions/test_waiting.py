"""Whoever waits is told why."""

from datetime import timedelta

import pytest

from server.clock import database_now
from server.competitions.models import Competition
from server.submissions.models import Evaluation
from server.submissions.selectors import waiting_reason
from server.submissions.services import evaluation_cancel, evaluation_claim, leases_sweep
from tests.server.cast import Cast
from tests.server.judging import evaluation_of, submit
from tests.server.submissions.gpu import on_gpu, online, silent

pytestmark = pytest.mark.django_db


def _reason(evaluation: Evaluation) -> str:
    reason = waiting_reason(evaluation=evaluation)
    assert reason is not None
    return reason.text


def test_for_a_cpu(cast: Cast, competition: Competition) -> None:
    submit(cast.student, competition)
    waits = evaluation_of(submit(cast.classmate, competition))
    assert _reason(waits) == "No worker is online."
    online("gpu:1", "gpu")
    assert _reason(waits) == "No worker is online."
    worker = online("cpu:1", "cpu")
    assert _reason(waits) == "A worker takes your submission in a moment."
    evaluation_claim(queue="cpu", worker="cpu:1/2")
    assert _reason(waits) == "All workers are busy."
    silent(worker)
    assert _reason(waits) == "No worker is online."


def test_for_a_gpu(cast: Cast, competition: Competition) -> None:
    competition = on_gpu(competition)
    submit(cast.student, competition)
    waits = evaluation_of(submit(cast.classmate, competition))
    online("cpu:1", "cpu")
    assert _reason(waits) == "No GPU worker is online, and this task is judged on a GPU."
    online("gpu:1", "gpu", drained=["Xid 79"])
    assert _reason(waits).startswith("All GPUs are out of order")
    online("gpu:1", "gpu")
    assert _reason(waits) == "A GPU worker takes your submission in a moment."
    evaluation_claim(queue="gpu", worker="gpu:1/2")
    assert _reason(waits) == "All GPU workers are busy."


def test_for_a_cpu_in_place_of_a_gpu(cast: Cast, competition: Competition) -> None:
    competition = on_gpu(competition, cpu_fallback=True)
    submit(cast.student, competition)
    waits = evaluation_of(submit(cast.classmate, competition))
    assert _reason(waits).startswith("No worker is online: neither")
    online("cpu:1", "cpu")
    assert _reason(waits) == (
        "No GPU worker is online; a CPU worker takes your submission in a moment."
    )
    evaluation_claim(queue="cpu", worker="cpu:1/2")
    assert "all workers that may judge on a CPU instead are busy" in _reason(waits)
    online("gpu:1", "gpu")
    assert _reason(waits) == "A GPU worker takes your submission in a moment."


def test_behind_ones_own_team(cast: Cast, competition: Competition) -> None:
    submit(cast.student, competition)
    waits = evaluation_of(submit(cast.student, competition))
    online("cpu:1", "cpu", slots=4)
    evaluation_claim(queue="cpu", worker="cpu:1/2")
    assert _reason(waits).startswith("Another submission of your team is being judged")


def fell_silent(evaluation: Evaluation, **changes: object) -> Evaluation:
    """Its worker is gone: the lease is over, and nobody has looked since."""
    over = database_now() - timedelta(seconds=1)
    Evaluation.objects.filter(pk=evaluation.pk).update(lease_until=over, **changes)
    return Evaluation.objects.get(pk=evaluation.pk)


def test_for_a_worker_that_fell_silent(cast: Cast, competition: Competition) -> None:
    submission = submit(cast.student, competition)
    behind = evaluation_of(submit(cast.student, competition))
    evaluation_claim(queue="cpu", worker="cpu:1/2")
    row = evaluation_of(submission)
    assert waiting_reason(evaluation=row) is None
    row = fell_silent(row)
    assert _reason(row) == "Its worker fell silent; it is judged again when a worker is online."
    assert _reason(behind) == "No worker is online."
    # What is told is what the sweep of a worker does.
    assert _reason(fell_silent(row, failures=1)).startswith("Its worker fell silent; it is judged")
    assert _reason(fell_silent(row, failures=2)) == (
        "Its worker fell silent in the last of 3 attempts; it ends as not judged when a worker is "
        "online."
    )
    leases_sweep()
    assert evaluation_of(submission).status == "error"


def test_for_a_worker_that_fell_silent_before_it_cancelled(
    cast: Cast, competition: Competition
) -> None:
    submission = submit(cast.student, competition)
    evaluation_claim(queue="cpu", worker="cpu:1/2")
    row = evaluation_cancel(evaluation=evaluation_of(submission))
    assert waiting_reason(evaluation=row) is None
    assert "it is cancelled when a worker is online" in _reason(fell_silent(row))
    leases_sweep()
    assert evaluation_of(submission).status == "cancelled"


def test_what_runs_does_not_wait(cast: Cast, competition: Competition) -> None:
    submission = submit(cast.student, competition)
    evaluation_claim(queue="cpu", worker="cpu:1/2")
    assert waiting_reason(evaluation=evaluation_of(submission)) is None
