"""Many at one time: places, keys and evaluations are given once each."""

from collections import Counter
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from server.competitions.models import Competition
from server.leaderboards.services import evaluation_finish
from server.submissions.claim import Claim
from server.submissions.models import Evaluation, Status, Submission
from server.submissions.refusals import DailyLimitReached, NotCancellable, QueueFull, StaleClaim
from server.submissions.services import LEASE, evaluation_cancel, evaluation_claim, leases_sweep
from tests.server.cast import Cast, competition_make, person_make
from tests.server.judging import claim_next, evaluation_of, report_scored, submit
from tests.server.processes import process
from tests.server.threads import together

pytestmark = pytest.mark.django_db(transaction=True)


def test_fifty_requests_for_five_places_get_five(cast: Cast, uploads_folder: Path) -> None:
    competition = competition_make(cast.course, daily_limit=5, queue_limit=100)
    before = set(uploads_folder.glob("*"))

    def attempt(number: int) -> bool:
        try:
            submit(cast.student, competition, content=b"%d" % number)
        except DailyLimitReached:
            return False
        return True

    assert sum(together(attempt, threads=50)) == 5
    assert Submission.objects.count() == Evaluation.objects.count() == 5
    # The uploads of the other 45 are not kept.
    assert len(set(uploads_folder.glob("*")) - before) == 5


def test_five_processes_of_ten_threads_for_five_places_get_five(cast: Cast, tmp_path: Path) -> None:
    """As from many web processes on many machines: nothing is shared but the database."""
    competition_make(cast.course, daily_limit=5, queue_limit=100)
    connection.close()
    log = tmp_path / "submitters.log"
    with ExitStack() as running:
        submitters = [
            running.enter_context(
                process(["tests.server.submissions.submitter", "student", "halves", "10"], log=log)
            )
            for _ in range(5)
        ]
        for one in submitters:
            assert one.wait(timeout=120) == 0, log.read_text()[-4000:]
    answers = Counter(log.read_text().splitlines())
    assert (answers["taken"], answers["refused"]) == (5, 45)
    assert Submission.objects.count() == Evaluation.objects.count() == 5


def test_the_queue_takes_no_more_than_its_limit(cast: Cast) -> None:
    competition = competition_make(cast.course, daily_limit=100, queue_limit=3)

    def attempt(number: int) -> bool:
        try:
            submit(cast.student, competition, content=b"%d" % number)
        except QueueFull:
            return False
        return True

    assert sum(together(attempt, threads=20)) == 3


def test_one_key_makes_one_submission(cast: Cast, competition: Competition) -> None:
    made = together(lambda _: submit(cast.student, competition, key="once").public_id, threads=12)
    assert set(made) == {Submission.objects.get().public_id}


def test_no_evaluation_is_claimed_twice(cast: Cast, competition: Competition) -> None:
    people = [person_make(f"person{number}") for number in range(10)]
    for person in people:
        cast.course.memberships.create(user=person)
        submit(person, competition)

    def claim_all(number: int) -> list[Claim]:
        claims = []
        while claim := evaluation_claim(queue="cpu", worker=f"worker {number}"):
            claims.append(claim)
        return claims

    claimed = [claim for claims in together(claim_all, threads=8) for claim in claims]
    assert sorted(claim.evaluation_id for claim in claimed) == sorted(
        Evaluation.objects.values_list("pk", flat=True)
    )
    assert {claim.token for claim in claimed} == {1}


def test_one_team_runs_once_whoever_asks(cast: Cast, competition: Competition) -> None:
    for number in range(4):
        submit(cast.student, competition, content=b"%d" % number)
    claims = together(lambda n: evaluation_claim(queue="cpu", worker=str(n)), threads=8)
    assert len([claim for claim in claims if claim]) == 1


def test_many_sweeps_at_once_take_each_lost_evaluation_once(
    cast: Cast, competition: Competition
) -> None:
    for person in (cast.student, cast.classmate, cast.assistant):
        submit(person, competition)
        claim_next()
    later = timezone.now() + 2 * LEASE - timedelta(seconds=1)
    swept = together(lambda _: leases_sweep(at=later), threads=8)
    assert sum(one.requeued for one in swept) == 3
    assert set(Evaluation.objects.values_list("status", "failures")) == {(Status.QUEUED, 1)}


def test_of_a_result_and_a_sweep_one_wins(cast: Cast, competition: Competition) -> None:
    competition.daily_limit = competition.queue_limit = 10
    competition.save()
    for _ in range(5):
        submission = submit(cast.student, competition)
        claim = claim_next()
        later = timezone.now() + 2 * LEASE - timedelta(seconds=1)

        def act(number: int, claim: Claim = claim, later: datetime = later) -> bool:
            if number:
                return bool(leases_sweep(at=later).requeued)
            try:
                evaluation_finish(claim=claim, report=report_scored(0.5))
            except StaleClaim:
                return False
            return True

        assert sum(together(act, threads=2)) == 1
        row = evaluation_of(submission)
        assert row.scores.exists() == (row.status == Status.DONE)
        Evaluation.objects.filter(status=Status.QUEUED).update(
            status=Status.ERROR, finished_at=timezone.now()
        )


def test_of_a_result_and_cancelling_what_its_dead_worker_held_one_wins(
    cast: Cast, competition: Competition
) -> None:
    submission = submit(cast.student, competition)
    claim = claim_next()
    Evaluation.objects.update(lease_until=timezone.now() - LEASE)

    def act(number: int) -> bool:
        try:
            if number:
                evaluation_cancel(evaluation=evaluation_of(submission))
            else:
                evaluation_finish(claim=claim, report=report_scored(0.5))
        except (StaleClaim, NotCancellable):
            return False
        return True

    assert sum(together(act, threads=2)) == 1
    row = evaluation_of(submission)
    assert row.scores.exists() == (row.verdict == "scored")
