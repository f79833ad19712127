"""A real browser: who waits sees why and until when; who teaches has failures judged again."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from server.competitions.models import Competition
from server.leaderboards.services import evaluation_finish
from server.submissions.models import Evaluation
from server.submissions.services import evaluation_fail, evaluation_requeue
from tests.server.cast import Cast
from tests.server.judging import claim_next, report_scored, submit
from tests.server.submissions.gpu import online
from tests.server.web import test_browser
from tests.server.web.test_browser_manage import log_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
browser = test_browser.browser
complaints = test_browser.complaints
page = test_browser.page


def test_a_waiting_page_tells_what_changes_without_being_loaded_again(
    live_server: LiveServer,
    cast: Cast,
    competition: Competition,
    page: Page,
    complaints: list[str],
) -> None:
    submission = submit(cast.student, competition, message="wider layers")
    log_in(page, live_server, "student")
    page.goto(f"{live_server.url}/submissions/{submission.public_id}/")
    expect(page.locator("#outlook")).to_contain_text("before a worker is online")
    online("cpu:1", "cpu")
    expect(page.locator("#outlook")).to_have_text("It starts in a moment.")
    evaluation_requeue(claim=claim_next(), error="disk full")
    expect(page.locator("#attempt")).to_contain_text("Attempt 2 of 3")
    assert complaints == []


def test_an_instructor_has_it_judged_again_and_finds_it_in_the_log(
    live_server: LiveServer,
    cast: Cast,
    competition: Competition,
    page: Page,
    complaints: list[str],
) -> None:
    submission = submit(cast.student, competition, message="wider layers")
    evaluation_fail(claim=claim_next(), error=f"labels.npz {'is missing ' * 40}")
    log_in(page, live_server, "instructor")
    for path in ("/manage/spring/", "/competitions/halves/manage/", "/manage/spring/log/"):
        for size in (test_browser.PHONE, test_browser.DESK):
            page.set_viewport_size(size)
            page.goto(live_server.url + path)
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    page.goto(f"{live_server.url}/manage/spring/")
    expect(page.get_by_role("heading", name="Could not be judged")).to_be_visible()
    page.get_by_role("button", name="Judge again the submission of student").click()
    expect(page.get_by_text("waits to be judged again")).to_be_visible()
    expect(page.get_by_role("heading", name="Could not be judged")).to_have_count(0)
    assert Evaluation.objects.get(behind=True).submission == submission
    evaluation_finish(claim=claim_next(), report=report_scored(0.25))
    page.get_by_role("link", name="Log", exact=True).click()
    page.get_by_role("link", name="The server", exact=True).click()
    expect(page.get_by_text("changed a team’s standing")).to_be_visible()
    expect(page.get_by_text("created the course")).to_have_count(0)
    page.get_by_role("link", name=submission.public_id).first.click()
    expect(page.locator("#verdict")).to_have_text("Scored")
    assert complaints == []
