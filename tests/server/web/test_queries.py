"""The number of queries of a page does not grow with its rows."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from server.competitions.models import Competition
from server.courses.models import Role
from server.courses.services import membership_create
from tests.server.cast import Cast, competition_make, person_make
from tests.server.judging import judged, report_scored, submit


def queries_of(client: Client, path: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def grow(cast: Cast, competition: Competition, number: int) -> None:
    user = person_make(f"rival{number}")
    membership_create(course=cast.course, user=user, role=Role.PARTICIPANT)
    judged(user, competition, report_scored(0.1 + number / 100))
    judged(cast.student, competition, report_scored(0.2 + number / 100))
    submit(user, competition)
    competition_make(cast.course, slug=f"more{number}", task_version=competition.task_version)


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/", 6),
        ("/competitions/halves/leaderboard/", 10),
        ("/competitions/halves/submissions/", 13),
        ("/competitions/halves/manage/submissions/", 9),
    ],
)
def test_it_asks_as_often_for_many_rows(
    path: str, most: int, cast: Cast, competition: Competition
) -> None:
    competition.daily_limit, competition.queue_limit = 100, 100
    competition.save()
    client = Client()
    client.force_login(cast.instructor if "manage" in path else cast.student)
    grow(cast, competition, 0)
    few = queries_of(client, path)
    for number in range(1, 7):
        grow(cast, competition, number)
    assert queries_of(client, path) == few <= most
