"""What has ended is counted once, however it is asked and whatever is forgotten."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from server.competitions.models import Competition
from server.leaderboards.services import evaluation_finish
from server.operations import tally
from server.operations.tally import WAITED, Spread, tally_now
from server.submissions.models import Evaluation
from server.submissions.services import evaluation_fail, evaluation_requeue
from tests.server.cast import Cast
from tests.server.judging import claim_next, judged, report_failed, report_scored, submit

SCORED, INVALID, FAULT = ("done", "scored"), ("done", "invalid_artifact"), ("error", "")


@pytest.fixture(autouse=True)
def _soon_settled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tally, "UNSETTLED", 2)


@pytest.fixture
def running(cast: Cast, competition: Competition) -> Competition:
    competition.daily_limit = competition.invalid_daily_limit = competition.queue_limit = 1000
    competition.save()
    return competition


def ended() -> dict[tuple[str, str], int]:
    return {(status, verdict): n for (_, status, verdict), n in tally_now().ended.items()}


def test_each_is_counted_once_whenever_it_ends(cast: Cast, running: Competition) -> None:
    assert ended() == {}
    submit(cast.classmate, running)
    early = claim_next()  # it ends last, though its number is the lowest
    for number in range(1, 8):
        judged(cast.student, running, report_scored(0.5))
        assert ended() == {SCORED: number}
    judged(cast.student, running, report_failed())
    assert ended() == {SCORED: 7, INVALID: 1}
    evaluation_finish(claim=early, report=report_scored(0.5))
    for _ in range(2):
        assert ended() == {SCORED: 8, INVALID: 1}
    submit(cast.student, running)
    evaluation_fail(claim=claim_next(), error="the task is broken")
    assert ended() == {SCORED: 8, INVALID: 1, FAULT: 1}
    cache.clear()
    assert ended() == {SCORED: 8, INVALID: 1, FAULT: 1}


def test_what_was_counted_is_not_read_again(cast: Cast, running: Competition) -> None:
    for _ in range(6):
        judged(cast.student, running, report_scored(0.5))
    before = tally_now()
    # Whoever looks only at what is new does not see that an old row is gone.
    oldest = Evaluation.objects.order_by("pk")[0]
    Evaluation.objects.filter(pk=oldest.pk).update(queue="gpu")
    assert tally_now().ended == before.ended
    with CaptureQueriesContext(connection) as few:
        tally_now()
    for _ in range(20):
        judged(cast.student, running, report_scored(0.5))
    tally_now()
    with CaptureQueriesContext(connection) as many:
        tally_now()
    assert len(many) <= len(few)


def test_another_database_is_counted_anew(cast: Cast, running: Competition) -> None:
    judged(cast.student, running, report_scored(0.5))
    cache.set(tally.KEY, {"upto": 10**9, "ended": [["cpu", "done", "scored", 7]], "retried": {},
                          "failed": {}, "steps": {}})  # fmt: skip
    assert ended() == {SCORED: 1}


def test_retries_and_failures_are_those_of_what_has_ended(cast: Cast, running: Competition) -> None:
    submit(cast.student, running)
    for _ in range(2):
        evaluation_requeue(claim=claim_next(), error="disk full")
    assert tally_now().retried.get("cpu", 0) == 0
    evaluation_finish(claim=claim_next(), report=report_scored(0.5))
    judged(cast.classmate, running, report_scored(0.5))
    for _ in range(2):
        found = tally_now()
        assert (found.retried["cpu"], found.failed["cpu"]) == (2, 2)


def test_durations_are_told_by_step(cast: Cast, running: Competition) -> None:
    judged(cast.student, running, report_scored(0.5))
    evaluation = judged(cast.student, running, report_scored(0.5))
    begun = timezone.now()
    Evaluation.objects.filter(pk=evaluation.pk).update(
        queued_at=begun - timedelta(seconds=40),
        started_at=begun,
        durations={"judged": 3.0, "judged_start": 0.2},
    )
    steps = tally_now().steps
    assert {step: sum(one.counts) for step, one in steps.items()} == {
        "unpack": 1, "practice": 1, "judged": 2, "judged_start": 1, WAITED: 2,
    }  # fmt: skip
    assert steps["judged"].total == 4.0
    assert steps[WAITED].total >= 40


def test_a_spread_counts_each_below_the_first_bound_that_it_does_not_pass() -> None:
    spread = Spread()
    for seconds in (0.0, 0.05, 0.051, 5.0, 1e9):
        spread.add(seconds)
    assert [spread.counts[at] for at in (0, 1, 6, -1)] == [2, 1, 1, 1]
    assert sum(spread.counts) == 5
    assert all(low < high for low, high in pairwise(tally.BUCKETS))
