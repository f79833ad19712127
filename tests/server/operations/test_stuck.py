"""Nothing is called stuck that lease, sweep and limits explain, and nothing else is missed."""

from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from server.competitions.models import Competition
from server.leaderboards.services import evaluation_finish
from server.operations.stuck import CANCELLED, SPARE, STAGES, Kind, patience, stuck_find
from server.submissions.models import Evaluation, Worker
from server.submissions.services import (
    LEASE,
    evaluation_cancel,
    evaluation_claim,
    evaluation_heartbeat,
    evaluation_requeue,
    leases_sweep,
)
from tests.server.cast import Cast
from tests.server.judging import claim_next, evaluation_of, report_scored, submit
from tests.server.submissions.gpu import on_gpu, online

SECOND = timedelta(seconds=1)


def later(by: timedelta) -> datetime:
    return timezone.now() + by


def kinds(at: datetime) -> list[Kind]:
    return [one.kind for one in stuck_find(at=at)]


def well(at: datetime, *, since: datetime | None = None) -> None:
    """All workers are online at a time, and some are since long ago."""
    Worker.objects.update(seen_at=at)
    if since is not None:
        Worker.objects.update(started_at=since)


def renewed(until: datetime) -> None:
    """A worker goes on renewing its lease."""
    Evaluation.objects.exclude(lease_until=None).update(lease_until=until)


def test_nothing_is_stuck_where_there_is_nothing(db: None) -> None:
    assert stuck_find() == []


def test_a_lease_that_no_sweep_takes(cast: Cast, competition: Competition) -> None:
    submission = submit(cast.student, competition)
    claim = claim_next()
    lease = timedelta(seconds=settings.LEASE_SECONDS)
    assert kinds(later(lease + patience() - SECOND)) == []
    (stuck,) = stuck_find(at=later(lease + patience() + SECOND))
    assert (stuck.kind, stuck.public_id) == (Kind.LEASE_OVER, evaluation_of(submission).public_id)
    assert evaluation_heartbeat(claim=claim).is_ours
    leases_sweep(at=later(lease + patience() + SECOND))
    assert kinds(later(lease + patience() + SECOND)) == []


def test_what_waits_beside_a_free_slot(cast: Cast, competition: Competition) -> None:
    submit(cast.student, competition)
    at = later(patience() + SECOND)
    assert kinds(at) == []  # nobody is there to take it: that is no riddle
    online("cpu:1", "cpu")
    well(at, since=timezone.now() - timedelta(hours=1))
    assert kinds(later(timedelta(0))) == []
    assert kinds(later(patience() - SECOND)) == []
    assert kinds(at) == [Kind.NOT_TAKEN]
    # A worker that has just come is given its time.
    well(at, since=at - SECOND)
    assert kinds(at) == []


def test_a_slot_that_has_just_become_free_is_given_its_time(
    cast: Cast, competition: Competition
) -> None:
    submit(cast.classmate, competition)
    claim = claim_next()
    submit(cast.student, competition)
    online("test", "cpu")
    at = later(patience() + SECOND)
    well(at, since=timezone.now() - timedelta(hours=1))
    renewed(at + SECOND)
    Evaluation.objects.filter(pk=claim.evaluation_id).update(worker="test/7")
    assert kinds(at) == []  # it is busy
    evaluation_finish(claim=claim, report=report_scored(0.5))
    Evaluation.objects.filter(pk=claim.evaluation_id).update(finished_at=at - SECOND)
    assert kinds(at) == []
    Evaluation.objects.filter(pk=claim.evaluation_id).update(finished_at=timezone.now())
    assert kinds(at) == [Kind.NOT_TAKEN]


def test_what_may_not_start_is_not_stuck(cast: Cast, competition: Competition) -> None:
    submit(cast.student, competition)
    claim_next()
    submit(cast.student, competition)  # its team runs
    online("cpu:1", "cpu", slots=2)
    at = later(patience() + SECOND)
    well(at, since=timezone.now() - timedelta(hours=1))
    renewed(at + SECOND)
    assert kinds(at) == []


def test_what_the_only_free_worker_leaves_to_others_is_not_stuck_meanwhile(
    cast: Cast, competition: Competition
) -> None:
    submit(cast.student, competition)
    online("cpu:1", "cpu")
    long_ago = timezone.now() - timedelta(hours=1)
    Evaluation.objects.update(queued_at=long_ago)
    for failures in (1, 2):
        Evaluation.objects.update(left_until=None)
        claim = evaluation_claim(queue="cpu", worker="cpu:1/2")
        assert claim is not None
        evaluation_requeue(claim=claim, error="disk full")
        left = LEASE * 2**failures
        for at in (later(timedelta(0)), later(left - SECOND), later(left + patience() - SECOND)):
            well(at, since=long_ago)
            assert kinds(at) == []
        at = later(left + patience() + SECOND)
        well(at)
        assert kinds(at) == [Kind.NOT_TAKEN]
    # Another one could take it at once.
    online("cpu:2", "cpu")
    at = later(SECOND)
    well(at, since=long_ago)
    assert kinds(at) == [Kind.NOT_TAKEN]


def test_broken_slots_are_not_free(cast: Cast, competition: Competition) -> None:
    submit(cast.student, on_gpu(competition))
    worker = online("gpu:1", "gpu", drained=["Xid 79"])
    at = later(patience() + SECOND)
    well(at, since=timezone.now() - timedelta(hours=1))
    assert kinds(at) == []
    worker.devices[0]["drained"] = ""
    Worker.objects.update(devices=worker.devices)
    assert kinds(at) == [Kind.NOT_TAKEN]


def test_one_that_is_cancelled_and_runs_on(cast: Cast, competition: Competition) -> None:
    evaluation = evaluation_of(submit(cast.student, competition))
    claim_next()
    Evaluation.objects.filter(pk=evaluation.pk).update(lease_until=later(timedelta(days=1)))
    evaluation_cancel(evaluation=Evaluation.objects.get(pk=evaluation.pk))
    if not Evaluation.objects.get(pk=evaluation.pk).cancel_requested:
        pytest.fail("its worker is asked")
    now = timezone.now()
    assert kinds(now) == []  # from when on it is known
    assert kinds(now + CANCELLED - SECOND) == []
    assert kinds(now + CANCELLED + SECOND) == [Kind.CANCELLING]
    cache.clear()
    assert kinds(now + CANCELLED + SECOND) == []


def test_a_worker_that_lives_but_never_ends_it(cast: Cast, competition: Competition) -> None:
    submit(cast.student, competition)
    claim_next()
    limits = competition.task_version.parsed.limits
    longest = STAGES * timedelta(seconds=limits.wall_seconds) + SPARE
    renewed(later(timedelta(days=1)))
    assert kinds(later(longest - SECOND)) == []
    assert kinds(later(longest + SECOND)) == [Kind.OVERDUE]
