"""What touches a grade stands in the course's log, whoever did it, and stays there."""

import csv
import io

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.http import StreamingHttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from server.competitions.models import Competition
from server.courses.models import Action, LoggedAction
from server.courses.selectors import course_access
from server.courses.services import action_log, member_remove
from server.leaderboards.models import Standing
from server.leaderboards.services import evaluation_finish, standings_rebuild
from server.submissions.refusals import StaleClaim
from server.submissions.services import evaluation_cancel, evaluation_fail
from tests.server.cast import Cast, client_of
from tests.server.judging import (
    claim_next,
    evaluation_of,
    judged,
    report_failed,
    report_scored,
    submit,
)

LOG = "/api/v1/courses/spring/log"


def logged(action: Action) -> list[LoggedAction]:
    return list(LoggedAction.objects.filter(action=action).order_by("pk"))


def test_a_submission_is_its_authors_doing(cast: Cast, competition: Competition) -> None:
    submission = submit(cast.student, competition, key="k")
    submit(cast.student, competition, key="k")
    (row,) = logged(Action.SUBMISSION_SEND)
    assert (row.actor, row.by, row.who) == (cast.student, "participant", "student")
    assert (row.course, row.subject) == (cast.course, submission.public_id)
    assert row.after == {
        "competition": "halves", "team": "student", "upload_sha256": submission.sha256,
    }  # fmt: skip


def test_a_verdict_is_the_servers_doing(cast: Cast, competition: Competition) -> None:
    submission = submit(cast.student, competition)
    evaluation = evaluation_finish(claim=claim_next(), report=report_scored(0.25, private=7.5))
    (row,) = logged(Action.EVALUATION_FINISH)
    assert (row.actor, row.by, row.who) == (None, "server", "the server")
    assert row.subject == submission.public_id
    assert row.after == {
        "competition": "halves", "team": "student", "verdict": "scored", "public_log_loss": 0.25,
        "private_log_loss": 7.5, "attempt": 1, "worker": evaluation.worker,
        "evaluation": evaluation.public_id,
    }  # fmt: skip


def test_a_failure_is_logged_without_scores(cast: Cast, competition: Competition) -> None:
    judged(cast.student, competition, report_failed())
    (row,) = logged(Action.EVALUATION_FINISH)
    assert row.after["verdict"] == "invalid_artifact"
    assert not [name for name in row.after if name.endswith("log_loss")]
    assert not logged(Action.STANDING_CHANGE)


def test_a_standing_is_logged_when_it_changes(cast: Cast, competition: Competition) -> None:
    judged(cast.student, competition, report_scored(0.5, private=1.5))
    judged(cast.student, competition, report_scored(0.25, private=2.5))
    first, second = logged(Action.STANDING_CHANGE)
    assert (first.before, first.subject, first.actor) == ({}, "halves: student", None)
    assert first.after == second.before | {"scored_submissions": 1}
    wanted = {"public_log_loss": 0.25, "private_log_loss": 2.5, "scored_submissions": 2}
    assert {name: second.after[name] for name in wanted} == wanted
    assert second.before["public_log_loss"] == 0.5


def test_what_is_refused_is_not_logged(cast: Cast, competition: Competition) -> None:
    submit(cast.student, competition)
    claim = claim_next()
    evaluation_finish(claim=claim, report=report_scored(0.5))
    count = LoggedAction.objects.count()
    with pytest.raises(StaleClaim):
        evaluation_finish(claim=claim, report=report_scored(0.1))
    assert LoggedAction.objects.count() == count


@pytest.mark.parametrize("who", ["student", "assistant"])
def test_who_cancelled(who: str, cast: Cast, competition: Competition) -> None:
    submission = submit(cast.student, competition)
    claim_next()
    for _ in range(2):
        evaluation_cancel(evaluation=evaluation_of(submission), by=cast.named(who))
    (row,) = logged(Action.SUBMISSION_CANCEL)
    assert (row.actor, row.subject) == (cast.named(who), submission.public_id)
    assert row.by == {"student": "participant", "assistant": "staff"}[who]
    assert (row.before, row.after["cancel_requested"]) == ({"status": "running"}, True)


def test_an_error_is_logged(cast: Cast, competition: Competition) -> None:
    submission = submit(cast.student, competition)
    evaluation_fail(claim=claim_next(), error="labels.npz is missing\nmore of it")
    (row,) = logged(Action.EVALUATION_ERROR)
    assert (row.actor, row.subject) == (None, submission.public_id)
    wanted = {"fault": "task_fault", "attempt": 1, "error": "labels.npz is missing"}
    assert {name: row.after[name] for name in wanted} == wanted


def test_standings_computed_anew_are_logged(cast: Cast, competition: Competition) -> None:
    judged(cast.student, competition, report_scored(0.5))
    Standing.objects.update(primary_key=0.1)
    standings_rebuild(competition=competition)
    (row,) = logged(Action.STANDINGS_REBUILD)
    assert (row.subject, row.after) == ("halves", {"differed": 1})
    assert len(logged(Action.STANDING_CHANGE)) == 2
    call_command("standings", "rebuild", competition="halves")
    assert logged(Action.STANDINGS_REBUILD)[1].after == {"differed": 0}


def test_the_database_knows_the_server_from_people(cast: Cast) -> None:
    row = LoggedAction(course=cast.course, actor=None, action=Action.COURSE_EDIT, by="staff")
    with pytest.raises(IntegrityError, match="logged_action_by"), transaction.atomic():
        row.save()


def test_the_database_itself_refuses_changes(cast: Cast) -> None:
    row = action_log(course=cast.course, actor=None, action=Action.STANDINGS_REBUILD)
    changes = ["UPDATE courses_loggedaction SET subject = 'x' WHERE id = %s"]
    if connection.vendor == "postgresql":
        changes.append("DELETE FROM courses_loggedaction WHERE id = %s")
    for sql in changes:
        with (
            pytest.raises(IntegrityError, match="never changed"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql, [row.pk])
    assert LoggedAction.objects.get(pk=row.pk).subject == ""


def test_it_can_be_narrowed_down_and_paged(cast: Cast, competition: Competition) -> None:
    judged(cast.student, competition, report_scored(0.5))
    staff = client_of(cast.assistant)

    def actions(by: str) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        cursor: str | None = ""
        while cursor is not None:
            page = staff.get(LOG, {"by": by, "limit": "1", "cursor": cursor}).json()
            found += [(row["actor"], row["action"]) for row in page["results"]]
            cursor = page["next"]
        return found

    assert actions("server") == [
        ("the server", "standing_change"), ("the server", "evaluation_finish"),
    ]  # fmt: skip
    assert actions("participant") == [("student", "submission_send")]
    assert actions("staff") == [("instructor", "course_create")]
    assert len(actions("")) == 4
    assert staff.get(LOG, {"by": "nobody"}).status_code == 400


def test_as_csv(cast: Cast, competition: Competition) -> None:
    submission = judged(cast.student, competition, report_scored(0.5, private=1.25))
    answer = client_of(cast.assistant).get(f"{LOG}.csv", {"by": "server"})
    assert isinstance(answer, StreamingHttpResponse)
    rows = list(csv.DictReader(io.StringIO(answer.getvalue().decode())))
    assert [row["action"] for row in rows] == ["standing_change", "evaluation_finish"]
    assert rows[1]["actor"] == "the server"
    assert '"private_log_loss": 1.25' in rows[1]["after"]
    assert submission is not None


def test_the_page_narrows_down_and_links(cast: Cast, competition: Competition) -> None:
    submission = submit(cast.student, competition)
    evaluation_finish(claim=claim_next(), report=report_scored(0.5))
    browser = Client()
    browser.force_login(cast.assistant)
    page = browser.get("/manage/spring/log/").content.decode()
    assert "created the course" in page and "sent a submission" in page
    assert f'href="/submissions/{submission.public_id}/"' in page
    page = browser.get("/manage/spring/log/", {"by": "server"}).content.decode()
    assert "judged a submission" in page and "changed a team’s standing" in page
    assert "created the course" not in page
    assert browser.get("/manage/spring/log/", {"by": "nonsense"}).status_code == 200


def test_whoever_leaves_did_not_do_it_as_staff(cast: Cast) -> None:
    access = course_access(user=cast.student, slug="spring")
    member_remove(access=access, member_id=access.membership.pk)
    assert logged(Action.MEMBER_REMOVE)[0].by == "participant"


def test_pages_ask_as_often_however_long_they_are(cast: Cast, competition: Competition) -> None:
    browser = Client()
    browser.force_login(cast.assistant)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert browser.get("/manage/spring/log/").status_code == 200
        return len(captured)

    judged(cast.student, competition, report_scored(0.5))
    few = queries()
    for number in range(5):
        judged(cast.classmate, competition, report_scored(0.4 - number / 100))
    assert queries() == few
