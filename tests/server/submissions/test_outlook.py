"""Whoever waits is told their place, when it starts, and which attempt it is."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from server.competitions.models import Competition
from server.leaderboards.services import evaluation_finish
from server.submissions.attempts import attempt_note
from server.submissions.models import Evaluation, Submission, Worker
from server.submissions.outlook import Outlook, outlook_make
from server.submissions.selectors import queue_outlook
from server.submissions.services import (
    evaluation_again,
    evaluation_claim,
    evaluation_fail,
    evaluation_requeue,
)
from server.submissions.waiting import BUSY, SOON
from tests.server.cast import Cast, client_of, competition_make
from tests.server.judging import claim_next, evaluation_of, report_scored, submit
from tests.server.submissions.gpu import on_gpu, online


def outlook(submission: Submission) -> Outlook:
    found = queue_outlook(evaluation=evaluation_of(submission))
    assert found is not None
    return found


def took(minutes: float) -> None:
    """Lets all that was judged have taken so long."""
    finished = timezone.now()
    Evaluation.objects.filter(status="done").update(
        started_at=finished - timedelta(minutes=minutes), finished_at=finished
    )


def test_the_place_is_that_of_the_fair_order(cast: Cast, competition: Competition) -> None:
    mine = [submit(cast.student, competition) for _ in range(3)]
    theirs = [submit(cast.classmate, competition) for _ in range(2)]
    waiting = [mine[0], theirs[0], mine[1], theirs[1], mine[2]]
    assert [outlook(one).position for one in waiting] == [1, 2, 3, 4, 5]
    taken = []
    for _ in waiting:
        claim = claim_next()
        taken.append(claim.evaluation_id)
        evaluation_finish(claim=claim, report=report_scored(0.5))
    assert taken == [evaluation_of(one).pk for one in waiting]


def test_who_was_judged_lately_comes_later(cast: Cast, competition: Competition) -> None:
    submit(cast.student, competition)
    evaluation_finish(claim=claim_next(), report=report_scored(0.5))
    earlier, later = submit(cast.student, competition), submit(cast.classmate, competition)
    assert [outlook(one).position for one in (earlier, later)] == [2, 1]


def test_what_staff_have_judged_again_comes_last(cast: Cast, competition: Competition) -> None:
    again = submit(cast.student, competition)
    evaluation_fail(claim=claim_next(), error="gone")
    evaluation_again(submission=again, by=cast.instructor)
    later = submit(cast.classmate, competition)
    assert [outlook(one).position for one in (again, later)] == [2, 1]


def test_on_a_cpu_in_place_of_a_gpu_it_waits_with_the_others(cast: Cast) -> None:
    cpu = competition_make(cast.course)
    gpu = competition_make(cast.course, slug="gpu", task_version=cpu.task_version)
    first = submit(cast.classmate, cpu)
    second = submit(cast.student, on_gpu(gpu, cpu_fallback=True))
    assert [outlook(one).position for one in (first, second)] == [1, 2]
    online("gpu:1", "gpu")
    assert [outlook(one).position for one in (first, second)] == [1, 1]


def test_without_a_worker_nothing_is_promised(cast: Cast, competition: Competition) -> None:
    found = outlook(submit(cast.student, competition))
    assert (found.starts_in_minutes, found.text) == (
        None, "When it starts can’t be said before a worker is online.",
    )  # fmt: skip


def test_a_free_slot_takes_it_in_a_moment(cast: Cast, competition: Competition) -> None:
    online("cpu:1", "cpu", slots=2)
    first, second, third = (
        submit(user, competition) for user in (cast.student, cast.classmate, cast.assistant)
    )
    assert [outlook(one).starts_in_minutes for one in (first, second, third)] == [0, 0, None]
    assert outlook(third).reason == BUSY
    assert "too little was judged lately" in outlook(third).text


def test_what_the_latest_took_tells_when_it_starts(cast: Cast, competition: Competition) -> None:
    submit(cast.assistant, competition)
    evaluation_finish(claim=claim_next(), report=report_scored(0.5))
    took(3.2)
    online("cpu:1", "cpu")
    submit(cast.assistant, competition)
    first, second = submit(cast.student, competition), submit(cast.classmate, competition)
    claim = claim_next()
    assert claim.evaluation_id == evaluation_of(first).pk
    Evaluation.objects.filter(pk=claim.evaluation_id).update(worker="cpu:1/2")
    assert outlook(second).text == "It starts in about 4 minutes."
    online("cpu:2", "cpu")
    Evaluation.objects.filter(pk=claim.evaluation_id).update(worker="cpu:1/2")
    assert outlook(second).text == "It starts in a moment."


@pytest.mark.parametrize(
    ("seconds", "minutes", "words"),
    [
        (5, 1, "about a minute"),
        (61, 2, "about 2 minutes"),
        (11 * 60, 15, "about 15 minutes"),
        (59 * 60, 60, "about an hour"),
        (61 * 60, 120, "about 2 hours"),
        (90 * 3600, 5400, "more than 12 hours"),
    ],
)
def test_estimates_are_coarse(seconds: float, minutes: int, words: str) -> None:
    found = outlook_make(
        position=1, reason=BUSY, workers=1, slots=1, free=0, mean_seconds=float(seconds)
    )
    assert (found.starts_in_minutes, found.text) == (minutes, f"It starts in {words}.")


def test_what_was_judged_long_ago_tells_nothing(cast: Cast, competition: Competition) -> None:
    submit(cast.assistant, competition)
    evaluation_finish(claim=claim_next(), report=report_scored(0.5))
    Evaluation.objects.update(queued_at=timezone.now() - timedelta(hours=25))
    online("cpu:1", "cpu")
    submit(cast.classmate, competition)
    assert outlook(submit(cast.student, competition)).starts_in_minutes is None


def test_a_lost_attempt_is_told_and_is_ours(cast: Cast, competition: Competition) -> None:
    submission = submit(cast.student, competition)
    assert attempt_note(evaluation_of(submission)) == ""
    evaluation_requeue(claim=claim_next(), error="disk full")
    assert attempt_note(evaluation_of(submission)).startswith("Attempt 2 of 3: the first was lost")
    evaluation_requeue(claim=claim_next(), error="disk full")
    claim = claim_next()
    assert attempt_note(evaluation_of(submission)).startswith("Attempt 3 of 3: the first two")
    evaluation_finish(claim=claim, report=report_scored(0.5))
    assert attempt_note(evaluation_of(submission)) == ""


def test_what_the_only_free_worker_failed_at_is_tried_again_soon(
    cast: Cast, competition: Competition
) -> None:
    submission = submit(cast.student, competition)
    online("cpu:1", "cpu", slots=2)
    for attempt, minutes in ((2, "a minute"), (3, "2 minutes")):
        Evaluation.objects.update(left_until=None)
        claim = evaluation_claim(queue="cpu", worker="cpu:1/2")
        assert claim is not None
        evaluation_requeue(claim=claim, error="disk full")
        found = outlook(submission)
        assert found.reason.text == (
            "We failed to judge it, by a fault of ours; it is tried again soon, in attempt "
            f"{attempt} of 3."
        )
        assert found.text == f"It starts in about {minutes}."
        assert found.starts_in_minutes == attempt - 1
    # The same worker may take it again after that, and another one at once.
    later = timezone.now() + timedelta(seconds=121)
    Worker.objects.update(seen_at=later)
    found_later = queue_outlook(evaluation=evaluation_of(submission), at=later)
    assert found_later is not None and found_later.reason == SOON
    online("cpu:2", "cpu")
    assert (outlook(submission).reason, outlook(submission).starts_in_minutes) == (SOON, 0)
    submit(cast.classmate, competition)
    other = evaluation_claim(queue="cpu", worker="cpu:1/2")
    assert other is not None
    Evaluation.objects.filter(pk=other.evaluation_id).update(worker="cpu:2/2")
    assert outlook(submission).reason.code == "tried_again"


def test_what_runs_has_no_outlook(cast: Cast, competition: Competition) -> None:
    submission = submit(cast.student, competition)
    claim_next()
    assert queue_outlook(evaluation=evaluation_of(submission)) is None
    path = f"/api/v1/submissions/{submission.public_id}"
    shown = client_of(cast.student).get(path).json()
    assert (shown["outlook"], shown["starts_in_minutes"], shown["waiting"]) == ("", None, None)


def test_of_a_worker_that_fell_silent_the_api_tells(cast: Cast, competition: Competition) -> None:
    submission = submit(cast.student, competition)
    claim_next()
    over = timezone.now() - timedelta(seconds=1)
    Evaluation.objects.update(status="scoring", lease_until=over)
    shown = client_of(cast.student).get(f"/api/v1/submissions/{submission.public_id}").json()
    assert shown["status"] == "scoring"
    assert shown["waiting"]["code"] == "worker_silent"
    assert (shown["queue_position"], shown["starts_in_minutes"], shown["outlook"]) == (
        None, None, "",
    )  # fmt: skip


def test_it_asks_as_often_however_many_wait(cast: Cast, competition: Competition) -> None:
    competition.daily_limit = competition.queue_limit = 50
    competition.save()
    evaluation = evaluation_of(submit(cast.student, competition))

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            queue_outlook(evaluation=evaluation)
        return len(captured)

    few = queries()
    for _ in range(10):
        submit(cast.classmate, competition)
    assert queries() == few <= 6
