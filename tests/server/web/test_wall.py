"""The wall: what it shows, to whom, and what an unchanged one costs."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from server.competitions.models import Competition, Visibility
from server.competitions.services import board_reveal, team_mark_baseline
from server.leaderboards.wall import wall_of
from tests.server.cast import Cast, person_make
from tests.server.judging import judged, report_failed, report_scored
from tests.server.web.reports import HOSTILE

PATH = "/c/halves/wall"
BOARD = "/competitions/halves/leaderboard/"


def moves(competition: Competition) -> list[tuple[str, int, bool]]:
    rows = wall_of(competition=competition).rows
    return [(each.row.team, each.moved, each.is_new) for each in rows]


def again(client: Client, path: str, etag: str) -> int:
    return client.get(path, headers={"If-None-Match": etag}).status_code


def test_it_shows_who_overtook_whom(cast: Cast, competition: Competition) -> None:
    for user, value in ((cast.student, 0.5), (cast.classmate, 0.4), (cast.assistant, 0.3)):
        judged(user, competition, report_scored(value))
    assert moves(competition) == [
        ("assistant", 0, True),
        ("classmate", 0, False),
        ("student", 0, False),
    ]
    judged(cast.student, competition, report_scored(0.35))
    assert moves(competition) == [
        ("assistant", 0, False),
        ("student", 1, False),
        ("classmate", -1, False),
    ]


@pytest.mark.parametrize("path", [PATH, BOARD])
def test_an_unchanged_poll_is_a_304_until_something_changes(
    path: str, cast: Cast, competition: Competition, student: Client
) -> None:
    held = [""]

    def changed() -> bool:
        now = student.get(path).headers["ETag"]
        assert again(student, path, now) == 304
        before = held[0]
        held[0] = now
        return again(student, path, before) == 200

    judged(cast.student, competition, report_scored(0.5))
    assert changed()
    assert not changed()
    judged(cast.classmate, competition, report_failed())
    assert not changed(), "what fails changes no standing"
    judged(cast.classmate, competition, report_scored(0.6))
    assert changed()
    board_reveal(competition=competition, actor=cast.instructor, revealed=True)
    assert changed()
    team = competition.teams.all()[0]
    team_mark_baseline(
        competition=competition, actor=cast.instructor, team_id=team.pk, is_baseline=True
    )
    assert changed()
    Competition.objects.update(visibility=Visibility.PUBLIC)
    assert changed()


def test_an_unchanged_poll_of_a_public_wall_asks_once(cast: Cast, competition: Competition) -> None:
    Competition.objects.update(visibility=Visibility.PUBLIC)
    judged(cast.student, competition, report_scored(0.5))
    client = Client()
    etag = client.get(PATH).headers["ETag"]
    with CaptureQueriesContext(connection) as queries:
        assert again(client, PATH, etag) == 304
    assert len(queries) == 1


def test_what_is_hidden_from_one_is_never_unchanged(cast: Cast, competition: Competition) -> None:
    member = Client()
    member.force_login(cast.student)
    etag = member.get(PATH).headers["ETag"]
    assert again(Client(), PATH, etag) == 302


@pytest.mark.parametrize("path", [PATH, BOARD])
@pytest.mark.parametrize("revealed", [False, True])
def test_three_hundred_teams_need_no_more_queries_than_three(
    path: str, revealed: bool, cast: Cast, competition: Competition, student: Client
) -> None:
    Competition.objects.update(private_revealed=revealed)
    counts = []
    judged(cast.student, competition, report_scored(9.0))
    for first, last in ((0, 13), (13, 300)):
        for number in range(first, last):
            person = person_make(f"person{number}")
            cast.course.memberships.create(user=person)
            judged(person, competition, report_scored(0.1 + number / 1000, private=number))
        if first == 0:
            student.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert student.get(path).status_code == 200
        counts.append(len(queries))
    assert counts[1] <= counts[0] + 5, "one's own row, and where it is"
    assert counts[1] <= 16


def test_a_hostile_name_is_only_text(cast: Cast, competition: Competition, student: Client) -> None:
    judged(cast.student, competition, report_scored(0.5))
    competition.teams.update(name=HOSTILE)
    for path in (PATH, BOARD):
        body = student.get(path).content.decode()
        assert HOSTILE not in body and "&lt;script&gt;" in body


def test_it_is_dark_and_has_no_inline_style(
    cast: Cast, competition: Competition, student: Client
) -> None:
    judged(cast.student, competition, report_scored(0.5))
    for path in (PATH, BOARD):
        assert " style=" not in student.get(path).content.decode()
    assert "data-until" in student.get(PATH).content.decode()
