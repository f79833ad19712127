"""Many at one time: places, keys and evaluations are given once each."""

from collections import Counter
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.db import connection

from server.competitions.models import Competition
from server.submissions.claim import Claim
from server.submissions.models import Evaluation, Submission
from server.submissions.refusals import DailyLimitReached, QueueFull
from server.submissions.services import evaluation_claim
from tests.server.cast import Cast, competition_make, person_make
from tests.server.judging import submit
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
