"""The name of a board changes with what can be seen of it, and with nothing else."""

import pytest
from django.test import Client

from server.competitions.models import BoardVersion, Competition
from server.competitions.services import board_reveal
from server.leaderboards.models import Standing
from server.leaderboards.services import standing_update
from server.submissions.models import Score
from tests.server.cast import Cast
from tests.server.judging import judged, report_scored

BOARD = "/competitions/halves/leaderboard/"
WALL = "/c/halves/wall"


def browser_of(cast: Cast, name: str) -> Client:
    browser = Client()
    browser.force_login(cast.named(name))
    return browser


@pytest.fixture
def standing(cast: Cast, competition: Competition) -> Standing:
    judged(cast.classmate, competition, report_scored(0.4))
    judged(cast.student, competition, report_scored(0.5, private=3.0))
    return Standing.objects.get(team__members__user=cast.student)


def private_change(standing: Standing) -> None:
    """As after judging again: the same public scores, and other private ones."""
    Score.objects.filter(evaluation=standing.evaluation, split="private").update(
        value=2.0, low=1.0, high=3.0
    )
    changed = standing_update(team=standing.team)
    assert changed is not None and changed.private_primary_key == 2.0


@pytest.mark.parametrize("path", [BOARD, WALL])
@pytest.mark.parametrize("name", ["student", "classmate", "assistant"])
def test_a_hidden_change_leaves_it(path: str, name: str, cast: Cast, standing: Standing) -> None:
    browser = browser_of(cast, name)
    before = browser.get(path)
    private_change(standing)
    assert browser.get(path).headers["ETag"] == before.headers["ETag"]
    held = {"If-None-Match": before.headers["ETag"]}
    assert browser.get(path, headers=held).status_code == 304


def test_a_change_that_all_see_is_another_one(
    cast: Cast, competition: Competition, standing: Standing
) -> None:
    before = browser_of(cast, "student").get(BOARD).headers["ETag"]
    judged(cast.student, competition, report_scored(0.3, private=3.0))
    assert browser_of(cast, "student").get(BOARD).headers["ETag"] != before


def test_staff_see_hidden_changes_at_once(cast: Cast, standing: Standing) -> None:
    browser = browser_of(cast, "assistant")
    path = f"{BOARD}?split=private"
    before = browser.get(path)
    assert "ETag" not in before.headers and "3.0000" in before.content.decode()
    private_change(standing)
    assert "2.0000" in browser.get(path, headers={"If-None-Match": "*"}).content.decode()


def test_after_the_reveal_private_changes_are_seen(
    cast: Cast, competition: Competition, standing: Standing
) -> None:
    board_reveal(competition=competition, actor=cast.instructor, revealed=True)
    browser = browser_of(cast, "student")
    revealed = browser.get(BOARD).headers["ETag"]
    private_change(standing)
    after = browser.get(BOARD, headers={"If-None-Match": revealed})
    assert after.status_code == 200 and "2.0000" in after.content.decode()


def test_what_changed_while_it_was_hidden_is_seen_when_revealed_again(
    cast: Cast, competition: Competition, standing: Standing
) -> None:
    browser = browser_of(cast, "student")
    board_reveal(competition=competition, actor=cast.instructor, revealed=True)
    held = {"If-None-Match": browser.get(BOARD).headers["ETag"]}
    board_reveal(competition=competition, actor=cast.instructor, revealed=False)
    version = BoardVersion.objects.get(competition=competition).version
    private_change(standing)
    assert BoardVersion.objects.get(competition=competition).version == version
    board_reveal(competition=competition, actor=cast.instructor, revealed=True)
    again = browser.get(BOARD, headers=held)
    assert again.status_code == 200 and "2.0000" in again.content.decode()


def test_who_may_not_see_a_board_is_refused_whatever_they_hold(
    cast: Cast, standing: Standing
) -> None:
    response = browser_of(cast, "student").get(
        f"{BOARD}?split=private", headers={"If-None-Match": "*"}
    )
    assert response.status_code == 403 and "ETag" not in response.headers
