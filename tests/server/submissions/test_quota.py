"""What counts against the limits of a day."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from rest_framework.test import APIClient

from evaluators.report import Stage
from server.competitions.models import Competition
from server.competitions.selectors import team_find
from server.leaderboards.services import evaluation_finish
from server.submissions.models import Evaluation, Submission
from server.submissions.refusals import DailyLimitReached, QueueFull
from server.submissions.selectors import Quota, day_of, quota_of
from server.submissions.services import (
    evaluation_cancel,
    evaluation_fail,
    evaluation_requeue,
)
from tests.server.cast import Cast, client_of, competition_make
from tests.server.judging import (
    claim_next,
    evaluation_of,
    judged,
    report_failed,
    report_scored,
    submit,
)


def _quota(cast: Cast, competition: Competition, at: datetime | None = None) -> Quota:
    team = team_find(user=cast.student, competition=competition)
    return quota_of(competition=competition, team=team, at=at or timezone.now())


def test_what_waits_and_what_was_scored_counts(cast: Cast, competition: Competition) -> None:
    assert _quota(cast, competition).left == 5
    judged(cast.student, competition, report_scored(0.5))
    submit(cast.student, competition)
    assert (_quota(cast, competition).used, _quota(cast, competition).left) == (2, 3)


def test_what_failed_before_the_hidden_inputs_counts_only_as_invalid(
    cast: Cast, competition: Competition
) -> None:
    judged(cast.student, competition, report_failed("no_model"))
    judged(cast.student, competition, report_failed("exited", Stage.PRACTICE))
    quota = _quota(cast, competition)
    assert (quota.used, quota.invalid_used) == (0, 2)


def test_what_failed_on_the_hidden_inputs_counts(cast: Cast, competition: Competition) -> None:
    judged(cast.student, competition, report_failed("exited", Stage.JUDGED))
    quota = _quota(cast, competition)
    assert (quota.used, quota.invalid_used) == (1, 0)


def test_our_fault_and_the_tasks_fault_count_nothing(cast: Cast, competition: Competition) -> None:
    submit(cast.student, competition)
    evaluation_fail(claim=claim_next(), error="labels are missing")
    submit(cast.student, competition)
    for _ in range(3):
        evaluation_requeue(claim=claim_next(), error="no sandbox")
    quota = _quota(cast, competition)
    assert (quota.used, quota.invalid_used, quota.left) == (0, 0, 5)


def test_cancelling_counts_only_after_it_began(cast: Cast, competition: Competition) -> None:
    evaluation_cancel(evaluation=evaluation_of(submit(cast.student, competition)))
    assert _quota(cast, competition).used == 0
    judged(cast.student, competition, report_failed("cancelled"))
    assert _quota(cast, competition).used == 1


def test_only_the_latest_evaluation_of_a_submission_counts(
    cast: Cast, competition: Competition
) -> None:
    first = judged(cast.student, competition, report_failed("exited", Stage.JUDGED))
    Evaluation.objects.create(
        submission=first.submission,
        team=first.team,
        task_version=first.task_version,
        queued_at=timezone.now(),
    )
    evaluation_finish(claim=claim_next(), report=report_failed("no_model"))
    quota = _quota(cast, competition)
    assert (quota.used, quota.invalid_used) == (0, 1)


def test_the_sixth_is_refused_and_told_when(cast: Cast, competition: Competition) -> None:
    client = client_of(cast.student)
    for _ in range(5):
        judged(cast.student, competition, report_scored(0.5))
    response = _post(client)
    problem = response.json()
    assert (response.status_code, problem["code"]) == (429, "daily_limit")
    midnight = day_of(zone=cast.course.zone, at=timezone.now()).end
    assert datetime.fromisoformat(problem["retry_at"]) == midnight
    assert f"{midnight.astimezone(cast.course.zone):%Y-%m-%d} 00:00" in problem["detail"]
    wait = (midnight - timezone.now()).total_seconds()
    assert abs(int(response["Retry-After"]) - wait) < 5
    # The refused upload is not kept.
    assert Submission.objects.count() == 5


def test_too_many_that_can_not_be_judged_are_refused_too(cast: Cast) -> None:
    competition = competition_make(cast.course, invalid_daily_limit=2)
    for _ in range(2):
        judged(cast.student, competition, report_failed())
    with pytest.raises(DailyLimitReached, match="Check them locally"):
        submit(cast.student, competition)


def test_five_may_wait_beside_the_one_that_runs(cast: Cast) -> None:
    competition = competition_make(cast.course, daily_limit=100)
    for _ in range(5):
        submit(cast.student, competition)
    claim_next()
    submit(cast.student, competition)
    with pytest.raises(QueueFull, match="5 of your submissions wait") as refused:
        submit(cast.student, competition)
    assert refused.value.retry_at is not None
    # A team-mate of nobody: the classmate is not held up.
    submit(cast.classmate, competition)


# Prague: clocks go forward on 2026-03-29 (a day of 23 h) and back on 2026-10-25 (of 25 h).
@pytest.mark.parametrize(
    ("at", "start", "end"),
    [
        ("2026-03-29T12:00", "2026-03-28T23:00", "2026-03-29T22:00"),
        ("2026-10-25T12:00", "2026-10-24T22:00", "2026-10-25T23:00"),
        ("2026-10-25T00:30", "2026-10-24T22:00", "2026-10-25T23:00"),
        ("2026-10-25T01:30", "2026-10-24T22:00", "2026-10-25T23:00"),
        ("2026-10-25T22:59", "2026-10-24T22:00", "2026-10-25T23:00"),
        ("2026-10-25T23:00", "2026-10-25T23:00", "2026-10-26T23:00"),
        ("2026-07-01T21:59", "2026-06-30T22:00", "2026-07-01T22:00"),
        ("2026-07-01T22:00", "2026-07-01T22:00", "2026-07-02T22:00"),
    ],
)
def test_a_day_is_the_courses_own_also_when_clocks_change(
    at: str, start: str, end: str, cast: Cast
) -> None:
    day = day_of(zone=cast.course.zone, at=_utc(at))
    assert (day.start, day.end) == (_utc(start), _utc(end))


def test_the_long_day_holds_five_and_the_next_begins_anew(
    cast: Cast, competition: Competition
) -> None:
    competition.opens_at = _utc("2026-10-01T00:00")
    competition.closes_at = _utc("2026-12-01T00:00")
    competition.save()
    first, last = _utc("2026-10-24T22:00"), _utc("2026-10-25T22:59")
    for step in range(5):
        judged(cast.student, competition, report_scored(0.5), at=first + (last - first) * step / 4)
    with pytest.raises(DailyLimitReached) as refused:
        submit(cast.student, competition, at=last)
    assert refused.value.retry_at == _utc("2026-10-25T23:00")
    submit(cast.student, competition, at=refused.value.retry_at)
    with pytest.raises(DailyLimitReached):
        submit(cast.student, competition, at=last + timedelta(seconds=59))


def _post(client: APIClient) -> Any:
    response = client.post(
        "/api/v1/competitions/halves/submissions",
        {"file": SimpleUploadedFile("model.py", b"x")},
        format="multipart",
    )
    return response


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
