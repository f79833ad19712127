"""A real browser finds nothing on any kind of page that the policy forbids."""

import pytest
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from server.accounts.models import User
from server.competitions.models import Competition
from tests.server.cast import PASSWORD
from tests.server.judging import judged
from tests.server.told import report_told
from tests.server.web.test_browser import browser, competition

__all__ = ["browser", "competition"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = (
    "/", "/account/", "/join/", "/manage/spring/", "/manage/spring/members/", "/manage/spring/log/",
    "/competitions/halves/", "/competitions/halves/data/", "/competitions/halves/kit/",
    "/competitions/halves/submit/", "/competitions/halves/submissions/",
    "/competitions/halves/leaderboard/", "/competitions/halves/manage/",
    "/competitions/halves/manage/submissions/", "/c/halves/wall", "/submissions/{submission}/",
    "/nothing/",
)  # fmt: skip
OPERATORS_PAGES = (
    "/operations/",
    "/admin/", "/admin/accounts/user/", "/admin/accounts/user/add/",
    "/admin/accounts/user/{user}/change/", "/admin/accounts/user/{user}/password/",
    "/admin/competitions/competition/{competition}/change/", "/admin/submissions/evaluation/",
    "/admin/submissions/submission/", "/admin/password_change/",
)  # fmt: skip
STRANGERS_PAGES = ("/login/", "/signup/", "/password/", "/password/sent/", "/password/x/y/")


@pytest.fixture
def instructor(competition: Competition) -> User:
    """The course's instructor, who is an operator too."""
    person = User.objects.get(username="instructor")
    person.is_staff = person.is_superuser = True
    person.save()
    return person


@pytest.fixture
def violations() -> list[str]:
    """What the policy made the browser refuse, and other errors of a page."""
    return []


@pytest.fixture
def page(browser: Browser, violations: list[str]) -> Page:
    page = browser.new_context().new_page()
    page.on("console", lambda said: violations.extend([said.text] * _complains(said.text)))
    page.on("pageerror", lambda error: violations.append(str(error)))
    # Every violation is an event too, even one that a browser does not print.
    page.add_init_script(
        "document.addEventListener('securitypolicyviolation', event => console.error("
        "`Content Security Policy: ${event.violatedDirective} ${event.blockedURI} "
        "${event.sourceFile}:${event.lineNumber}`))"
    )
    return page


def _complains(text: str) -> bool:
    return "Content Security Policy" in text or "Permissions-Policy" in text


def visit(page: Page, live_server: LiveServer, paths: tuple[str, ...], **names: object) -> None:
    for path in paths:
        page.goto(live_server.url + path.format(**names))
        page.wait_for_load_state("networkidle")


def test_a_visit_of_every_kind_of_page_breaks_no_policy(
    live_server: LiveServer, competition: Competition, instructor: User, page: Page,
    violations: list[str],
) -> None:  # fmt: skip
    student = User.objects.get(username="student")
    submission = judged(student, competition, report_told()).submission
    visit(page, live_server, STRANGERS_PAGES)
    page.goto(f"{live_server.url}/admin/")
    page.get_by_label("User name").fill("instructor")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(f"{live_server.url}/admin/")
    names = {"submission": submission.public_id, "user": student.pk, "competition": competition.pk}
    visit(page, live_server, PAGES + OPERATORS_PAGES, **names)
    assert violations == []


def test_the_documentation_can_be_used_and_breaks_no_policy(
    live_server: LiveServer, competition: Competition, page: Page, violations: list[str]
) -> None:
    page.goto(f"{live_server.url}/api/docs/")
    operation = page.locator("#operations-me-v1_me_retrieve, [id$=v1_me_retrieve]").first
    operation.get_by_role("button").first.click()
    operation.get_by_role("button", name="Try it out").click()
    operation.get_by_role("button", name="Execute").click()
    operation.locator(".live-responses-table").get_by_text("401", exact=True).first.wait_for()
    assert violations == []


def test_what_is_inline_would_be_noticed(
    live_server: LiveServer, competition: Competition, page: Page, violations: list[str]
) -> None:
    page.goto(f"{live_server.url}/login/")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">x</p>')")
    page.wait_for_timeout(200)
    assert any("style-src" in said for said in violations)
