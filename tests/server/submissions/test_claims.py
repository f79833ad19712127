"""Who is next, and who holds what."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from evaluators.report import Log, Progress, Stage
from server.competitions.models import Competition
from server.leaderboards.models import Standing
from server.leaderboards.services import evaluation_finish
from server.submissions.models import Evaluation, Score, Status
from server.submissions.refusals import StaleClaim
from server.submissions.services import (
    LEASE,
    evaluation_claim,
    evaluation_fail,
    evaluation_heartbeat,
    evaluation_progress,
    evaluation_requeue,
    evaluation_watch,
    leases_sweep,
)
from tests.server.cast import Cast, competition_make
from tests.server.judging import claim_next, evaluation_of, report_scored, submit


def test_nothing_waits_for_the_other_queue(cast: Cast, competition: Competition) -> None:
    submit(cast.student, competition)
    assert evaluation_claim(queue="gpu", worker="test") is None


def test_first_come_first_served_between_teams_that_had_nothing(
    cast: Cast, competition: Competition
) -> None:
    first = evaluation_of(submit(cast.classmate, competition))
    submit(cast.student, competition)
    assert claim_next().evaluation_id == first.pk


def test_who_was_judged_less_in_the_last_hour_comes_first(cast: Cast) -> None:
    competition = competition_make(cast.course, daily_limit=50)
    submit(cast.student, competition)
    evaluation_finish(claim=claim_next(), report=report_scored(0.5))
    submit(cast.student, competition)
    later = evaluation_of(submit(cast.classmate, competition))
    assert claim_next().evaluation_id == later.pk


def test_an_hour_later_that_is_forgotten(cast: Cast, competition: Competition) -> None:
    submit(cast.student, competition)
    evaluation_finish(claim=claim_next(), report=report_scored(0.5))
    Evaluation.objects.update(started_at=timezone.now() - timedelta(minutes=61))
    older = evaluation_of(submit(cast.student, competition))
    submit(cast.classmate, competition)
    assert claim_next().evaluation_id == older.pk


def test_one_of_a_team_runs(cast: Cast, competition: Competition) -> None:
    for _ in range(2):
        submit(cast.student, competition)
    claim_next()
    assert evaluation_claim(queue="cpu", worker="test") is None


def test_the_database_itself_holds_a_team_to_one(cast: Cast, competition: Competition) -> None:
    for _ in range(2):
        submit(cast.student, competition)
    now = timezone.now()
    with pytest.raises(IntegrityError, match="UNIQUE|evaluation_one_runs"):
        Evaluation.objects.update(status=Status.RUNNING, lease_until=now, started_at=now)


def test_a_heartbeat_renews_the_lease(cast: Cast, competition: Competition) -> None:
    submit(cast.student, competition)
    claim = claim_next()
    Evaluation.objects.update(lease_until=timezone.now())
    assert evaluation_heartbeat(claim=claim).is_ours
    until = Evaluation.objects.get().lease_until
    assert until is not None
    assert until > timezone.now() + LEASE - timedelta(seconds=5)


def test_progress_shows_stage_and_log(cast: Cast, competition: Competition) -> None:
    submit(cast.student, competition)
    claim = claim_next()
    progress = Progress(Stage.PRACTICE, Log("epoch 1\x00\n", 7))
    assert evaluation_progress(claim=claim, progress=progress).is_ours
    row = Evaluation.objects.get()
    assert (row.stage, row.practice_log, row.practice_log_dropped) == ("practice", "epoch 1�\n", 7)
    evaluation_progress(claim=claim, progress=Progress(Stage.SCORING))
    assert Evaluation.objects.get().status == Status.SCORING


def test_a_silent_worker_loses_its_evaluation(cast: Cast, competition: Competition) -> None:
    submit(cast.student, competition)
    claim_next()
    assert leases_sweep().requeued == 0
    swept = leases_sweep(at=timezone.now() + LEASE + timedelta(seconds=1))
    assert (swept.requeued, swept.ended) == (1, 0)
    row = Evaluation.objects.get()
    assert (row.status, row.lease_until, row.started_at) == (Status.QUEUED, None, None)
    assert claim_next().token == 2


def test_what_a_stale_worker_brings_is_refused(cast: Cast, competition: Competition) -> None:
    submit(cast.student, competition)
    stale = claim_next()
    leases_sweep(at=timezone.now() + timedelta(minutes=1))
    assert not evaluation_heartbeat(claim=stale).is_ours
    fresh = claim_next()
    assert (stale.evaluation_id, stale.token, fresh.token) == (fresh.evaluation_id, 1, 2)
    assert not evaluation_watch(claim=stale).is_ours
    assert not evaluation_progress(claim=stale, progress=Progress(Stage.JUDGED)).is_ours
    with pytest.raises(StaleClaim):
        evaluation_finish(claim=stale, report=report_scored(0.0))
    with pytest.raises(StaleClaim):
        evaluation_requeue(claim=stale, error="late")
    with pytest.raises(StaleClaim):
        evaluation_fail(claim=stale, error="late")
    assert not Score.objects.exists()
    assert not Standing.objects.exists()
    evaluation_finish(claim=fresh, report=report_scored(0.5))
    assert Standing.objects.get().primary_key == 0.5


def test_what_has_ended_can_not_end_again(cast: Cast, competition: Competition) -> None:
    submit(cast.student, competition)
    claim = claim_next()
    evaluation_finish(claim=claim, report=report_scored(0.5))
    with pytest.raises(StaleClaim):
        evaluation_finish(claim=claim, report=report_scored(0.1))
    assert Score.objects.filter(split="public").count() == 2


def test_three_silent_workers_are_enough(cast: Cast, competition: Competition) -> None:
    submission = submit(cast.student, competition)
    for attempt in (1, 2, 3):
        assert claim_next().token == attempt
        leases_sweep(at=timezone.now() + timedelta(minutes=1))
    row = evaluation_of(submission)
    assert (row.status, row.message_code) == (Status.ERROR, "our_fault")
    assert "Nothing was charged" in row.message_text
    assert "fell silent in attempt 3" in row.error


def test_our_fault_is_tried_three_times(cast: Cast, competition: Competition) -> None:
    submission = submit(cast.student, competition)
    ended = [evaluation_requeue(claim=claim_next(), error="disk full") for _ in range(3)]
    assert ended == [Status.QUEUED, Status.QUEUED, Status.ERROR]
    assert evaluation_of(submission).error == "disk full"


def test_a_fault_of_the_task_ends_it_at_once(cast: Cast, competition: Competition) -> None:
    submission = submit(cast.student, competition)
    evaluation_fail(claim=claim_next(), error="/data/labels.npz is missing")
    row = evaluation_of(submission)
    assert (row.status, row.message_code) == (Status.ERROR, "task_fault")
    assert row.message_text == (
        "The task has a fault; your instructor has been told and nothing was charged."
    )
    assert "labels.npz" not in row.message_text + row.message_help
