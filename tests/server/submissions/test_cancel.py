from datetime import timedelta

import pytest
from django.utils import timezone

from server.competitions.models import Competition
from server.leaderboards.services import evaluation_finish
from server.submissions.models import Status
from server.submissions.services import (
    evaluation_cancel,
    evaluation_claim,
    evaluation_heartbeat,
    evaluation_watch,
    leases_sweep,
)
from tests.server.cast import Cast, client_of
from tests.server.judging import claim_next, evaluation_of, judged, report_scored, submit


def test_what_waits_is_cancelled_at_once(cast: Cast, competition: Competition) -> None:
    submission = submit(cast.student, competition)
    response = client_of(cast.student).post(f"/api/v1/submissions/{submission.public_id}/cancel")
    shown = response.json()
    assert (shown["status"], shown["verdict"]) == ("cancelled", "cancelled")
    assert shown["message"]["code"] == "cancelled"
    assert evaluation_claim(queue="cpu", worker="test") is None


def test_what_runs_is_asked_to_stop(cast: Cast, competition: Competition) -> None:
    submission = submit(cast.student, competition)
    claim = claim_next()
    response = client_of(cast.student).post(f"/api/v1/submissions/{submission.public_id}/cancel")
    shown = response.json()
    assert (shown["status"], shown["cancel_requested"]) == ("running", True)
    assert evaluation_watch(claim=claim).cancel_requested
    assert evaluation_heartbeat(claim=claim).cancel_requested


def test_a_worker_that_dies_while_it_should_stop_leaves_it_cancelled(
    cast: Cast, competition: Competition
) -> None:
    submission = submit(cast.student, competition)
    claim_next()
    evaluation_cancel(evaluation=evaluation_of(submission))
    swept = leases_sweep(at=timezone.now() + timedelta(minutes=1))
    assert (swept.requeued, swept.ended) == (0, 1)
    assert evaluation_of(submission).status == Status.CANCELLED


def test_what_was_scored_in_the_meantime_stays_scored(cast: Cast, competition: Competition) -> None:
    submission = submit(cast.student, competition)
    claim = claim_next()
    evaluation_cancel(evaluation=evaluation_of(submission))
    evaluation_finish(claim=claim, report=report_scored(0.5))
    assert evaluation_of(submission).verdict == "scored"


def test_what_has_ended_can_not_be_cancelled(cast: Cast, competition: Competition) -> None:
    submission = judged(cast.student, competition, report_scored(0.5)).submission
    response = client_of(cast.student).post(f"/api/v1/submissions/{submission.public_id}/cancel")
    assert (response.status_code, response.json()["code"]) == (409, "not_cancellable")


@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_only_a_post_cancels(method: str, cast: Cast, competition: Competition) -> None:
    submission = submit(cast.student, competition)
    send = getattr(client_of(cast.student), method)
    assert send(f"/api/v1/submissions/{submission.public_id}/cancel").status_code == 405
    assert evaluation_of(submission).status == Status.QUEUED
