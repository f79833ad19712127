"""Staff find submissions, download what was sent, and export all as CSV."""

import csv
import hashlib
import io
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from server.competitions.models import Competition, Team
from server.leaderboards.services import evaluation_finish
from tests.server.cast import Cast, client_of
from tests.server.judging import claim_next, judged, report_failed, report_scored, submit

HALVES = "/api/v1/competitions/halves"


def _body(response: Any) -> str:
    return b"".join(response.streaming_content).decode()


@pytest.fixture
def filled(cast: Cast, competition: Competition) -> Competition:
    judged(cast.student, competition, report_scored(-0.5))
    judged(cast.classmate, competition, report_failed())
    submit(cast.student, competition, message="=cmd|' /C calc'!A0", content=b"another")
    return competition


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({}, 3),
        ({"status": "queued"}, 1),
        ({"status": "done"}, 2),
        ({"verdict": "scored"}, 1),
        ({"verdict": "invalid_artifact"}, 1),
        ({"team": "student"}, 2),
        ({"team": "stud"}, 0),
        ({"search": "CLASSM"}, 1),
        ({"search": "=cmd"}, 1),
        ({"search": "model.zip"}, 3),
        ({"search": hashlib.sha256(b"another").hexdigest()[:8].upper()}, 1),
        ({"search": hashlib.sha256(b"100").hexdigest()[:12]}, 1),  # the artifact's digest
        ({"search": "%"}, 0),
        ({"search": "student", "status": "queued"}, 1),
        ({"day": "2001-01-01"}, 0),
    ],
)
def test_submissions_are_found(
    query: dict[str, str], count: int, cast: Cast, filled: Competition
) -> None:
    found = client_of(cast.assistant).get(f"{HALVES}/all-submissions", query)
    assert len(found.data["results"]) == count
    browser = client_of(None)
    browser.force_login(cast.assistant)
    page = browser.get("/competitions/halves/manage/submissions/", query)
    assert page.content.decode().count('class="state state-') == count


@pytest.mark.parametrize("query", [{"status": "x"}, {"day": "soon"}, {"search": "\x00"}])
def test_nonsense_is_refused(query: dict[str, str], cast: Cast, filled: Competition) -> None:
    client = client_of(cast.assistant)
    assert client.get(f"{HALVES}/all-submissions", query).status_code == 400
    client.force_login(cast.assistant)
    assert client.get("/competitions/halves/manage/submissions/", query).status_code == 200


def test_a_day_is_one_of_the_course(cast: Cast, filled: Competition) -> None:
    submission = filled.submissions.latest("id")
    day = submission.received_at.astimezone(filled.course.zone).date().isoformat()
    found = client_of(cast.assistant).get(f"{HALVES}/all-submissions", {"day": day})
    assert submission.public_id in [each["id"] for each in found.data["results"]]


def test_more_submissions_need_no_more_queries(cast: Cast, filled: Competition) -> None:
    client = client_of(cast.assistant)
    client.get("/api/v1/me")
    paths = (f"{HALVES}/all-submissions?status=done", f"{HALVES}/submissions.csv")
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            for path in paths:
                response = client.get(path)
                _ = _body(response) if response.streaming else response.content
        counts.append(len(queries))
        judged(cast.instructor, filled, report_scored(0.1))
        judged(cast.assistant, filled, report_scored(0.2))
    assert counts[0] == counts[1]


def test_an_upload_comes_as_it_was_sent_and_is_never_shown(cast: Cast, filled: Competition) -> None:
    submission = filled.submissions.latest("id")
    response = client_of(cast.assistant).get(f"/api/v1/submissions/{submission.public_id}/upload")
    assert _body(response) == "another"
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"


def test_no_cell_is_run_by_a_spreadsheet(cast: Cast, filled: Competition) -> None:
    Team.objects.filter(name="student").update(name="@SUM(1)")
    client = client_of(cast.assistant)
    rows = list(csv.DictReader(io.StringIO(_body(client.get(f"{HALVES}/submissions.csv")))))
    assert rows[0]["message"] == "'=cmd|' /C calc'!A0"
    assert {row["team"] for row in rows} == {"'@SUM(1)", "classmate"}
    assert {row["log_loss_public"] for row in rows} == {"", "-0.5"}  # a number stays one
    assert len(rows) == 3
    only = _body(client.get(f"{HALVES}/submissions.csv", {"status": "queued"}))
    assert len(only.splitlines()) == 2


def test_standings_are_exported_in_their_order(cast: Cast, filled: Competition) -> None:
    evaluation_finish(claim=claim_next(), report=report_failed())  # the one that waits
    judged(cast.classmate, filled, report_scored(0.7, private=3.0))
    client = client_of(cast.assistant)
    response = client.get(f"{HALVES}/standings.csv")
    assert response["Content-Disposition"] == 'attachment; filename="halves-standings.csv"'
    rows = list(csv.DictReader(io.StringIO(_body(response))))
    assert [(row["rank"], row["members"]) for row in rows] == [("1", "student"), ("2", "classmate")]
    assert rows[1]["log_loss_private"] == "3.0"
    with_mark = _body(client.get(f"{HALVES}/standings.csv", {"bom": "true"}))
    assert with_mark.startswith("\ufeffrank,")
