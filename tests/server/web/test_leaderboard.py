import re

import pytest
from django.test import Client

from server.competitions.models import Competition
from server.courses.models import Role
from server.courses.services import membership_create
from server.leaderboards.models import Standing
from server.web.views import leaderboard
from tests.server.cast import Cast, person_make
from tests.server.judging import judged, report_failed, report_scored

PATH = "/competitions/halves/leaderboard/"


@pytest.fixture
def board(cast: Cast, competition: Competition, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seven teams, three a page; the student is the fifth."""
    monkeypatch.setattr(leaderboard, "ROWS", 3)
    for number in range(1, 8):
        user = cast.student if number == 5 else person_make(f"team{number}")
        membership_create(course=cast.course, user=user, role=Role.PARTICIPANT)
        judged(user, competition, report_scored(number / 10, accuracy=1 - number / 10))


def ranks_of(client: Client, query: str = "") -> list[int]:
    return [row.rank for row in client.get(PATH + query).context["board"].rows]


def links_of(client: Client, query: str = "") -> dict[str, str]:
    page = client.get(PATH + query).content.decode()
    return {name: href for href, name in re.findall(r'<a href="([^"]*)"[^>]*>([^<]+)</a>', page)}


def test_it_says_what_is_ranked_and_how(
    cast: Cast, competition: Competition, student: Client
) -> None:
    judged(cast.student, competition, report_scored(0.25, accuracy=0.75))
    page = student.get(PATH).content.decode()
    assert "public split" in page and "lower is better" in page
    assert "0.2500" in page and "[0.1500, 0.3500]" in page and "0.7500" in page


def test_pages_lead_down_and_back_up(board: None, student: Client) -> None:
    assert ranks_of(student) == [1, 2, 3]
    second = links_of(student)["Further ranks"]
    assert ranks_of(student, second) == [4, 5, 6]
    third = links_of(student, second)["Further ranks"]
    assert ranks_of(student, third) == [7]
    links = links_of(student, third)
    assert "Further ranks" not in links
    assert ranks_of(student, links["Better ranks"]) == [4, 5, 6]
    assert links["Top"] == PATH
    assert "Better ranks" not in links_of(student, second), "that is the top"


def test_ones_own_row_is_marked(board: None, student: Client) -> None:
    page = student.get(PATH + links_of(student)["Further ranks"]).content.decode()
    (row,) = re.findall(r'<tr class="mine".*?</tr>', page, re.DOTALL)
    assert "student" in row


def test_ones_own_place_is_told_and_can_be_shown(board: None, student: Client) -> None:
    page = student.get(PATH)
    assert "stands at rank <strong>5</strong>" in page.content.decode()
    assert page.context["around"] is None, "five rows above it are the top"


def test_a_place_far_down_has_a_page_around_it(
    board: None, cast: Cast, competition: Competition, instructor: Client
) -> None:
    judged(cast.instructor, competition, report_scored(0.9))
    around = instructor.get(PATH).context["around"]
    assert ranks_of(instructor, f"?cursor={around}") == [3, 4, 5]


def test_the_invalid_never_rank(cast: Cast, competition: Competition, student: Client) -> None:
    judged(cast.classmate, competition, report_failed())
    page = student.get(PATH).content.decode()
    assert "Nobody stands here yet" in page and "classmate" not in page


def test_a_made_up_cursor_is_refused_in_words(board: None, student: Client) -> None:
    response = student.get(PATH, {"cursor": "made up"})
    assert response.status_code == 422
    assert "The cursor is not valid" in response.content.decode()


def test_private_scores_are_not_on_it(
    cast: Cast, competition: Competition, student: Client
) -> None:
    judged(cast.student, competition, report_scored(0.25, private=7.5))
    assert Standing.objects.exists()
    assert "7.5000" not in student.get(PATH).content.decode()
