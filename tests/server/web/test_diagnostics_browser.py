"""Diagnostics in a real browser: pictures are there under the policy, and fit a phone."""

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from server.submissions.models import Submission
from tests.server.cast import PASSWORD, cast_make, competition_make
from tests.server.judging import judged
from tests.server.told import report_told
from tests.server.web.test_browser import DESK, PHONE, browser, complaints, page

__all__ = ["browser", "complaints", "page"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MEASURE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def submission(transactional_db: None) -> Submission:
    cache.clear()
    cast = cast_make()
    return judged(cast.student, competition_make(cast.course), report_told()).submission


def log_in(page: Page, server: str) -> None:
    page.goto(f"{server}/login/")
    page.get_by_label("User name").fill("student")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("button", name="Log out")).to_be_attached()


def test_pictures_are_there_and_nothing_is_wider_than_a_phone(
    live_server: LiveServer, submission: Submission, page: Page, complaints: list[str]
) -> None:
    log_in(page, live_server.url)
    page.goto(f"{live_server.url}/submissions/{submission.public_id}/")
    picture = page.get_by_role("img", name="The model's percent wrong by half.")
    picture.scroll_into_view_if_needed()
    expect(picture).to_be_visible()
    page.wait_for_function("document.querySelector('.figures img').complete")
    assert picture.evaluate("image => image.naturalWidth") > 400
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        assert page.evaluate(MEASURE) == 0
    numbers = page.get_by_text("Numbers")
    numbers.click()
    expect(page.get_by_role("cell", name="left", exact=True)).to_be_visible()
    expect(page.get_by_text("<script>alert('told')</script>").first).to_be_visible()
    assert complaints == []
