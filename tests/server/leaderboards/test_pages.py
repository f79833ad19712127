"""Pages by key: each row once, and no more queries for more rows."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from server.competitions.models import Competition, Visibility
from tests.server.cast import Cast, client_of, competition_make, person_make
from tests.server.judging import judged, report_failed, report_scored, submit

BOARD = "/api/v1/competitions/halves/leaderboard"


def _pages(client: APIClient, path: str, limit: int) -> Iterator[list[dict[str, Any]]]:
    cursor: str | None = ""
    while cursor is not None:
        response = client.get(path, {"limit": str(limit), "cursor": cursor})
        assert response.status_code == 200
        yield response.json()["results"]
        cursor = response.json()["next"]


def _fill(cast: Cast, competition: Competition, start: int, count: int) -> None:
    for number in range(start, start + count):
        person = person_make(f"person{number}")
        cast.course.memberships.create(user=person)
        # Many ties, so that every column of the key decides somewhere.
        judged(
            person,
            competition,
            report_scored(
                0.1 * (number % 3), accuracy=0.5 + 0.1 * (number % 2), size=number % 2 + 1
            ),
            at=timezone.now() - timedelta(hours=number % 2),
        )


@pytest.mark.parametrize("limit", [1, 3, 7, 8, 200])
def test_the_board_shows_each_team_once_in_its_place(cast: Cast, limit: int) -> None:
    competition = competition_make(cast.course, visibility=Visibility.PUBLIC)
    _fill(cast, competition, 0, 16)
    whole = APIClient().get(BOARD).json()["results"]
    paged = [row for page in _pages(APIClient(), BOARD, limit) for row in page]
    assert paged == whole
    assert [row["rank"] for row in paged] == list(range(1, 17))


def test_a_team_that_rises_meanwhile_is_no_gap(cast: Cast, competition: Competition) -> None:
    _fill(cast, competition, 0, 9)
    client = client_of(cast.student)
    first = client.get(BOARD, {"limit": 4}).json()
    judged(cast.classmate, competition, report_scored(-1.0))
    rest = client.get(BOARD, {"limit": 50, "cursor": first["next"]}).json()
    seen = [row["team"] for row in first["results"] + rest["results"]]
    assert sorted(seen) == sorted(f"person{number}" for number in range(9))


def test_submissions_come_newest_first_each_once(cast: Cast) -> None:
    competition = competition_make(cast.course, daily_limit=50, queue_limit=50)
    made = [submit(cast.student, competition).public_id for _ in range(7)]
    path = "/api/v1/competitions/halves/submissions"
    seen = [row["id"] for page in _pages(client_of(cast.student), path, 3) for row in page]
    assert seen == made[::-1]


def test_competitions_come_each_once(cast: Cast) -> None:
    version = competition_make(cast.course, slug="c0").task_version
    for number in range(1, 6):
        competition_make(cast.course, slug=f"c{number}", task_version=version)
    path = "/api/v1/competitions"
    seen = [row["slug"] for page in _pages(client_of(cast.student), path, 2) for row in page]
    assert sorted(seen) == [f"c{number}" for number in range(6)]
    assert len(seen) == 6


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "\x00",
        "..",
        signing.dumps([1, 2, 3]),
        signing.dumps([1] * 6),
        signing.dumps({}, salt="keyset"),
        signing.dumps([1], salt="keyset"),
        "A" * 5000,
    ],
)
def test_a_forged_cursor_is_refused(cursor: str, cast: Cast, competition: Competition) -> None:
    response = client_of(cast.student).get(BOARD, {"cursor": cursor})
    assert response.status_code == 422
    assert "`next`" in response.json()["detail"]


@pytest.mark.parametrize("limit", ["0", "-1", "201", "x", "1e2", "²", "9" * 5000])
def test_a_page_has_a_sane_size(limit: str, cast: Cast, competition: Competition) -> None:
    response = client_of(cast.student).get(BOARD, {"limit": limit})
    assert response.status_code == 422


@pytest.mark.parametrize("path", ["leaderboard", "submissions"])
def test_more_rows_need_no_more_queries(path: str, cast: Cast) -> None:
    competition = competition_make(cast.course, daily_limit=50, invalid_daily_limit=50)
    client = client_of(cast.student)
    counts = []
    for start in (0, 10):
        _fill(cast, competition, start, 10)
        for _ in range(5):
            judged(cast.student, competition, report_scored(0.5))
            judged(cast.student, competition, report_failed())
        client.get("/api/v1/me")  # notes the token's use
        with CaptureQueriesContext(connection) as queries:
            response = client.get(f"/api/v1/competitions/halves/{path}")
        assert len(response.json()["results"]) >= 10
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 10


def test_more_competitions_need_no_more_queries(cast: Cast) -> None:
    client = client_of(cast.student)
    version = competition_make(cast.course, slug="c0").task_version
    client.get("/api/v1/me")
    counts = []
    for start in (1, 11):
        for number in range(start, start + 10):
            competition_make(cast.course, slug=f"c{number}", task_version=version)
        with CaptureQueriesContext(connection) as queries:
            client.get("/api/v1/competitions")
        counts.append(len(queries))
    assert counts[0] == counts[1]
