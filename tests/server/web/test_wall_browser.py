"""A real browser stands before the wall while results come in."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from server.competitions.models import Competition, Visibility
from server.competitions.services import team_mark_baseline
from server.courses.models import Role
from server.courses.services import membership_create
from tests.server.cast import person_make
from tests.server.judging import judged, report_scored
from tests.server.web.reports import HOSTILE
from tests.server.web.test_browser import DESK, PHONE, browser, competition, complaints, page

__all__ = ["browser", "competition", "complaints", "page"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def room(competition: Competition) -> Competition:
    Competition.objects.update(visibility=Visibility.PUBLIC, kind="friday")
    for number in range(14):
        user = person_make(f"team-{number}")
        membership_create(course=competition.course, user=user, role=Role.PARTICIPANT)
        judged(user, competition, report_scored(0.6 + number / 50))
    competition.teams.filter(name="team-3").update(name=f"{HOSTILE} {'W' * 50}")
    marked = competition.teams.get(name="team-5")
    team_mark_baseline(competition=competition, actor=user, team_id=marked.pk, is_baseline=True)
    return competition


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_results_appear_by_themselves(
    size: dict[str, int],
    live_server: LiveServer,
    room: Competition,
    page: Page,
    complaints: list[str],
    tmp_path: Path,
) -> None:
    page.set_viewport_size(size)  # type: ignore[arg-type]
    page.goto(f"{live_server.url}/c/halves/wall")
    page.evaluate("window.notReloaded = true")
    rows = page.locator(".board li")
    expect(rows).to_have_count(12)
    expect(rows.first).to_contain_text("classmate")
    expect(page.locator(".countdown")).to_contain_text(" d ")
    winner = person_make("winner")
    membership_create(course=room.course, user=winner, role=Role.PARTICIPANT)
    judged(winner, room, report_scored(0.7))
    expect(page.locator(".newest")).to_contain_text("winner", timeout=10_000)
    judged(winner, room, report_scored(0.1))
    expect(rows.first).to_contain_text("winner", timeout=10_000)
    expect(rows.first.locator(".up")).to_contain_text("▲")
    expect(rows.nth(1).locator(".down")).to_have_text("▼1")
    page.screenshot(path=tmp_path / "wall.png", full_page=True)
    assert page.evaluate("window.notReloaded") is True
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    page.wait_for_timeout(3500)
    assert [said for said in complaints if "304" not in said] == []
    page.goto(f"{live_server.url}/competitions/halves/leaderboard/")
    page.screenshot(path=tmp_path / "board.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert page.locator(".interval-bar").count() == 16
