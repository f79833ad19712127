"""What could not be judged is judged again, and costs nobody anything."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evaluators.report import Stage
from server.competitions.models import Competition
from server.courses.models import Action, LoggedAction
from server.leaderboards.models import Standing
from server.leaderboards.services import evaluation_finish
from server.submissions.models import Evaluation, Status, Submission
from server.submissions.refusals import NotJudgedAgain
from server.submissions.selectors import failures_shown, quota_of
from server.submissions.services import (
    MAX_ATTEMPTS,
    again,
    evaluation_again,
    evaluation_cancel,
    evaluation_fail,
    evaluation_requeue,
    evaluations_again,
)
from tests.server.cast import Cast, client_of, competition_make, task_version_make
from tests.server.judging import claim_next, evaluation_of, report_failed, report_scored, submit
from tests.server.threads import together


def failed(cast: Cast, competition: Competition) -> Submission:
    submission = submit(cast.student, competition)
    evaluation_fail(claim=claim_next(), error="labels.npz is missing\nat line 3")
    return submission


def used(cast: Cast, competition: Competition) -> int:
    team = Submission.objects.filter(competition=competition, author=cast.student)[0].team
    return quota_of(competition=competition, team=team, at=timezone.now()).used


def test_it_is_a_new_evaluation_behind_all_others(cast: Cast, competition: Competition) -> None:
    submission = failed(cast, competition)
    first = evaluation_of(submission)
    second = evaluation_again(submission=submission, by=cast.assistant)
    later = evaluation_of(submit(cast.classmate, competition))
    assert (second.status, second.behind, second.pk > first.pk) == (Status.QUEUED, True, True)
    assert evaluation_of(submission) == second
    assert [claim_next().evaluation_id for _ in range(2)] == [later.pk, second.pk]
    assert Evaluation.objects.get(pk=first.pk).status == Status.ERROR


def test_its_scores_count_and_nothing_is_charged(cast: Cast, competition: Competition) -> None:
    submission = failed(cast, competition)
    assert used(cast, competition) == 0
    evaluation_again(submission=submission, by=cast.instructor)
    assert used(cast, competition) == 0
    claim = claim_next()
    assert used(cast, competition) == 0
    evaluation_finish(claim=claim, report=report_scored(0.5))
    assert used(cast, competition) == 0
    assert Standing.objects.get().primary_key == 0.5


def test_a_failure_of_the_second_is_not_charged_either(
    cast: Cast, competition: Competition
) -> None:
    submission = failed(cast, competition)
    evaluation_again(submission=submission, by=cast.instructor)
    evaluation_finish(claim=claim_next(), report=report_failed("exited", Stage.JUDGED))
    team = submission.team
    quota = quota_of(competition=competition, team=team, at=timezone.now())
    assert (quota.used, quota.invalid_used) == (0, 0)


def test_it_takes_no_place_of_the_teams_own(cast: Cast) -> None:
    competition = competition_make(cast.course, queue_limit=1)
    evaluation_again(submission=failed(cast, competition), by=cast.instructor)
    submit(cast.student, competition)


def test_it_goes_by_the_task_version_that_the_competition_has_now(
    cast: Cast, competition: Competition
) -> None:
    submission = failed(cast, competition)
    competition.task_version = task_version_make(artifact_mb=2)
    competition.save()
    evaluation = evaluation_again(
        submission=Submission.objects.get(pk=submission.pk), by=cast.instructor
    )
    assert evaluation.task_version == competition.task_version


def test_what_waits_or_was_judged_is_refused(cast: Cast, competition: Competition) -> None:
    submission = submit(cast.student, competition)
    with pytest.raises(NotJudgedAgain, match="waits or is being judged"):
        evaluation_again(submission=submission, by=cast.instructor)
    claim = claim_next()
    with pytest.raises(NotJudgedAgain, match="waits or is being judged"):
        evaluation_again(submission=submission, by=cast.instructor)
    evaluation_finish(claim=claim, report=report_scored(0.5))
    with pytest.raises(NotJudgedAgain, match="must be compared"):
        evaluation_again(submission=submission, by=cast.instructor)
    cancelled = submit(cast.student, competition)
    evaluation_cancel(evaluation=evaluation_of(cancelled), by=cast.student)
    with pytest.raises(NotJudgedAgain, match="cancelled it"):
        evaluation_again(submission=cancelled, by=cast.instructor)
    assert not Evaluation.objects.filter(behind=True).exists()


@pytest.mark.django_db(transaction=True)
def test_a_double_click_has_it_judged_again_once(cast: Cast, competition: Competition) -> None:
    submission = failed(cast, competition)

    def press(_: int) -> bool:
        try:
            evaluation_again(submission=submission, by=cast.instructor)
        except NotJudgedAgain:
            return False
        return True

    assert sorted(together(press, threads=4)) == [False, False, False, True]
    assert Evaluation.objects.filter(behind=True).count() == 1


def test_all_of_a_competition(cast: Cast, competition: Competition) -> None:
    other = competition_make(cast.course, slug="other", task_version=competition.task_version)
    for _ in range(2):
        failed(cast, competition)
    failed(cast, other)
    assert evaluations_again(competition=competition, by=cast.instructor) == 2
    assert evaluations_again(competition=competition, by=cast.instructor) == 0
    assert Evaluation.objects.filter(behind=True).count() == 2


def test_so_many_at_a_time(
    cast: Cast, competition: Competition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(again, "MOST_AT_ONCE", 2)
    for _ in range(3):
        failed(cast, competition)
    found = [evaluations_again(competition=competition, by=cast.instructor) for _ in range(3)]
    assert found == [2, 1, 0]


def test_the_list_holds_what_still_needs_somebody(cast: Cast, competition: Competition) -> None:
    submission = failed(cast, competition)
    (row,) = failures_shown(course=cast.course).rows
    assert (row.submission, row.is_task_fault) == (submission, True)
    assert row.error == "labels.npz is missing"
    assert not failures_shown(course=cast.other_course).rows
    evaluation_again(submission=submission, by=cast.instructor)
    assert not failures_shown(course=cast.course).rows
    for _ in range(MAX_ATTEMPTS):
        evaluation_requeue(
            claim=claim_next(), error="Traceback (most recent call last)\nOSError: x"
        )
    (row,) = failures_shown(course=cast.course, competition=competition).rows
    assert (row.is_task_fault, row.error) == (False, "OSError: x")


def test_the_list_asks_once_however_long_it_is(cast: Cast, competition: Competition) -> None:
    for _ in range(5):
        failed(cast, competition)
    with CaptureQueriesContext(connection) as captured:
        rows = failures_shown(course=cast.course).rows
        assert {row.submission.team.name for row in rows} == {"student"}
        assert {row.submission.competition.title for row in rows} == {"Halves"}
    assert len(captured) == 1


def test_it_is_logged(cast: Cast, competition: Competition) -> None:
    submission = failed(cast, competition)
    first = evaluation_of(submission)
    second = evaluation_again(submission=submission, by=cast.assistant)
    row = LoggedAction.objects.get(action=Action.EVALUATION_AGAIN)
    assert (row.actor, row.by, row.subject) == (cast.assistant, "staff", submission.public_id)
    assert row.before == {"status": "error", "evaluation": first.public_id}
    assert row.after["evaluation"] == second.public_id


def test_through_the_api(cast: Cast, competition: Competition) -> None:
    submission = failed(cast, competition)
    address = f"/api/v1/submissions/{submission.public_id}/judge-again"
    assistant = client_of(cast.assistant)
    assert client_of(cast.student).post(address).status_code == 403
    shown = assistant.post(address).json()
    assert (shown["status"], shown["queue_position"]) == ("queued", 1)
    assert "Your instructor has it judged again" in shown["attempt_note"]
    refused = assistant.post(address)
    assert (refused.status_code, refused.json()["code"]) == (409, "not_judged_again")
    failed(cast, competition)
    answer = assistant.post("/api/v1/competitions/halves/judge-again")
    assert answer.json() == {"queued": 1}
