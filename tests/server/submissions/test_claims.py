"""Who is next, and who holds what."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from evaluators.report import Log, Progress, Stage
from server.competitions.models import Competition
from server.leaderboards.models import Standing
from server.leaderboards.services import evaluation_finish
from server.submissions.models import Evaluation, Score, Status
from server.submissions.refusals import StaleClaim
from server.submissions.selectors import waiting_next
from server.submissions.services import (
    LEASE,
    evaluation_claim,
    evaluation_fail,
    evaluation_heartbeat,
    evaluation_progress,
    evaluation_requeue,
    evaluation_return,
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


def test_who_failed_at_it_leaves_it_to_others_for_a_while(
    cast: Cast, competition: Competition
) -> None:
    submit(cast.student, competition)
    claim = evaluation_claim(queue="cpu", worker="host:1/20")
    assert claim is not None
    evaluation_requeue(claim=claim, error="disk full")
    other = evaluation_of(submit(cast.classmate, competition))
    assert waiting_next(queue="cpu", at=timezone.now(), worker="host:1/21") == other
    first = Evaluation.objects.get(pk=claim.evaluation_id)
    assert waiting_next(queue="cpu", at=timezone.now(), worker="host:11/20") == first
    # If nobody else is there, it is tried again; what was wrong may have healed.
    later = timezone.now() + 2 * LEASE + timedelta(seconds=1)
    assert waiting_next(queue="cpu", at=later, worker="host:1/20") == first


def test_what_staff_have_judged_again_comes_after_all_others(
    cast: Cast, competition: Competition
) -> None:
    # After those, too, whose team was judged a moment ago.
    submit(cast.classmate, competition)
    evaluation_finish(claim=claim_next(), report=report_scored(0.5))
    first = evaluation_of(submit(cast.student, competition))
    Evaluation.objects.filter(pk=first.pk).update(behind=True)
    second = evaluation_of(submit(cast.classmate, competition))
    assert [claim_next().evaluation_id for _ in range(2)] == [second.pk, first.pk]


def test_what_staff_have_judged_again_is_not_held_against_the_team(cast: Cast) -> None:
    competition = competition_make(cast.course)
    submit(cast.student, competition)
    Evaluation.objects.update(behind=True)
    evaluation_finish(claim=claim_next(), report=report_scored(0.5))
    older = evaluation_of(submit(cast.student, competition))
    submit(cast.classmate, competition)
    assert claim_next().evaluation_id == older.pk


def test_what_is_given_back_is_no_failure_however_often(
    cast: Cast, competition: Competition
) -> None:
    submission = submit(cast.student, competition)
    for attempt in range(1, 6):
        claim = claim_next()
        assert claim.token == attempt
        assert evaluation_return(claim=claim) == Status.QUEUED
        with pytest.raises(StaleClaim):
            evaluation_return(claim=claim)
    row = evaluation_of(submission)
    assert (row.failures, row.started_at, row.lease_until) == (0, None, None)


def test_a_lease_from_before_the_clock_was_set_back_ends(
    cast: Cast, competition: Competition
) -> None:
    submit(cast.student, competition)
    claim_next()
    assert leases_sweep(at=timezone.now() - LEASE + timedelta(seconds=1)).requeued == 0
    assert leases_sweep(at=timezone.now() - timedelta(hours=1)).requeued == 1


def test_a_clock_of_a_machine_that_is_wrong_changes_no_lease(
    cast: Cast, competition: Competition, monkeypatch: pytest.MonkeyPatch
) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no clock but its machine's")
    right = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: right + timedelta(hours=1))
    submit(cast.student, competition, at=right)
    claim = claim_next()
    assert leases_sweep().requeued == 0
    evaluation_finish(claim=claim, report=report_scored(0.5))
    row = Evaluation.objects.get()
    for noted in (row.queued_at, row.started_at, row.finished_at):
        assert noted is not None
        assert abs(noted - right) < timedelta(minutes=1)
