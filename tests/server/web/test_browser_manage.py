"""A real browser plays an instructor: from a new course to a CSV, on a phone and on a desk."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from server.competitions.models import Competition
from server.courses.models import Course
from tests.server.cast import PASSWORD, operator_make
from tests.server.web import test_browser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
browser = test_browser.browser
competition = test_browser.competition
complaints = test_browser.complaints
page = test_browser.page


def test_an_instructor_goes_from_a_new_course_to_a_csv(
    live_server: LiveServer, competition: Competition, page: Page, complaints: list[str]
) -> None:
    operator_make()
    log_in(page, live_server, "operator")
    page.goto(f"{live_server.url}/account/")
    page.get_by_role("link", name="Create a course").click()
    page.get_by_label("Title").fill("My class")
    page.get_by_label("Address").fill("mine")
    page.get_by_label("Time zone").fill("Europe/Prague")
    page.get_by_role("button", name="Create the course").click()
    expect(page.locator("#invite-link")).to_have_value(
        re.compile(f"/join/{Course.objects.get(slug='mine').invite_code}/$")
    )
    page.get_by_role("link", name="Open a competition").click()
    page.get_by_label("Title").fill("First steps")
    page.get_by_label("Starts").fill("2026-01-01T10:00")
    page.get_by_label("Deadline").fill("2036-01-01T10:00")
    page.get_by_role("button", name="Open it").click()
    page.get_by_role("link", name="Post an announcement").click()
    page.get_by_label("Title").fill("Welcome")
    page.get_by_label("Text").fill("**Begin** with the kit.")
    page.get_by_role("button", name="Post").click()
    expect(page.get_by_role("heading", name="Welcome")).to_be_visible()
    page.get_by_role("link", name="Manage", exact=True).click()
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Standings as CSV").click()
    saved = Path(downloading.value.path()).read_text()
    assert saved.startswith("rank,team,members,")
    assert complaints == []


def test_no_page_of_an_instructor_is_wider_than_its_screen(
    live_server: LiveServer, competition: Competition, page: Page
) -> None:
    log_in(page, live_server, "instructor")
    course = [f"/manage/spring/{each}" for each in ("", "members/", "log/", "open/")]
    below = ("", "edit/", "reveal/", "announce/", "submissions/")
    for path in (*course, *(f"/competitions/halves/manage/{each}" for each in below)):
        for size in (test_browser.PHONE, test_browser.DESK):
            page.set_viewport_size(size)
            page.goto(live_server.url + path)
            width = page.evaluate("document.documentElement.scrollWidth")
            assert width <= size["width"], f"{path} is {width} pixels wide"


def log_in(page: Page, live_server: LiveServer, name: str) -> None:
    page.goto(f"{live_server.url}/login/")
    page.get_by_label("User name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="Your competitions")).to_be_visible()
