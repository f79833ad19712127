"""A real browser plays a student: from the invite link to the leaderboard, without a reload."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from evaluators.report import Log, Progress, Stage
from server.competitions.models import Competition
from server.leaderboards.services import evaluation_finish
from server.submissions.models import Submission
from server.submissions.services import evaluation_progress
from tests.server.cast import PASSWORD, cast_make, competition_make
from tests.server.judging import claim_next, judged, report_scored

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# It loads nothing but what the test serves: no updates, no telemetry.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PHONE = ViewportSize(width=390, height=844)
DESK = ViewportSize(width=1280, height=900)


@pytest.fixture
def competition(transactional_db: None) -> Competition:
    cache.clear()
    cast = cast_make()
    competition = competition_make(cast.course)
    judged(cast.classmate, competition, report_scored(0.5))
    return competition


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    # Playwright's loop lives in this thread, where Django would refuse the test's own queries.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=list(ARGUMENTS))
        yield browser
        browser.close()


def chromium_path() -> str:
    """Where the distribution's browser lies."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        pytest.fail(
            f"None of {', '.join(BROWSERS)} is installed, so the pages can't be tested in a real "
            "browser. Install one: apt-get install chromium."
        )
    return found


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complains about: blocked by the policy, not found, failed scripts."""
    return []


@pytest.fixture
def page(browser: Browser, complaints: list[str]) -> Page:
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    page.on("console", lambda said: complaints.extend([said.text] * (said.type == "error")))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return page


def test_a_student_joins_submits_and_sees_the_status_change_without_reload(
    live_server: LiveServer,
    competition: Competition,
    page: Page,
    complaints: list[str],
    tmp_path: Path,
) -> None:
    page.goto(f"{live_server.url}/join/{competition.course.invite_code}/")
    sign_up_and_join(page)
    submit(page, tmp_path)
    watch(page, Submission.objects.latest("pk"))
    read_the_board(page)
    assert complaints == []


def test_a_file_that_is_too_large_is_noticed_before_it_is_sent(
    live_server: LiveServer, competition: Competition, page: Page, tmp_path: Path
) -> None:
    page.goto(f"{live_server.url}/join/{competition.course.invite_code}/")
    sign_up_and_join(page)
    large = tmp_path / "large.zip"
    large.write_bytes(b"x" * 1_200_000)
    steps = page.get_by_role("region", name="Next steps")
    steps.get_by_role("link", name="Submit").click()
    page.set_input_files("#id_file", large)
    expect(page.locator("#id_file_error")).to_have_text(
        "The file has 1.1 MB; at most 1 MB are accepted."
    )
    expect(page.get_by_role("button", name="Submit")).to_be_disabled()


def test_everything_works_without_scripts(
    live_server: LiveServer, competition: Competition, browser: Browser, tmp_path: Path
) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{live_server.url}/join/{competition.course.invite_code}/")
    sign_up_and_join(page)
    submit(page, tmp_path)
    evaluation_finish(claim=claim_next(), report=report_scored(0.25))
    page.reload()
    expect(page.locator("#verdict")).to_have_text("Scored")


def test_no_page_is_wider_than_its_screen(
    live_server: LiveServer, competition: Competition, page: Page, tmp_path: Path
) -> None:
    page.goto(f"{live_server.url}/join/{competition.course.invite_code}/")
    sign_up_and_join(page)
    submit(page, tmp_path)
    one = page.url.removeprefix(live_server.url)
    page.goto(f"{live_server.url}/account/")
    page.get_by_label("Name of the new token").fill("laptop")
    page.get_by_role("button", name="Create a token").click()
    tabs = [f"/competitions/halves/{tab}" for tab in ("", "data/", "kit/", "submit/")]
    lists = ["/competitions/halves/submissions/", "/competitions/halves/leaderboard/"]
    for path in ("/", "/account/", "/join/", *tabs, *lists, one):
        for size in (PHONE, DESK):
            page.set_viewport_size(size)
            page.goto(live_server.url + path)
            width = page.evaluate("document.documentElement.scrollWidth")
            assert width <= size["width"], f"{path} is {width} pixels wide"


def test_it_follows_the_readers_light_and_dark(
    live_server: LiveServer, competition: Competition, page: Page
) -> None:
    page.goto(live_server.url)
    page.emulate_media(color_scheme="dark")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.emulate_media(color_scheme="light")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "light")


def sign_up_and_join(page: Page) -> None:
    page.get_by_role("main").get_by_role("link", name="Sign up").click()
    page.get_by_label("User name").fill("ada")
    page.get_by_label("Name on the leaderboard").fill("Ada L.")
    page.get_by_label("Email address").fill("ada@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create the account").click()
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_text("You are now in Spring school.")).to_be_visible()


def submit(page: Page, folder: Path) -> None:
    model = folder / "model.py"
    model.write_text("class Model: ...\n")
    steps = page.get_by_role("region", name="Next steps")
    steps.get_by_role("link", name="Submit").click()
    page.set_input_files("#id_file", model)
    page.get_by_label("Message").fill("my first model")
    page.get_by_role("button", name="Submit").click()
    page.wait_for_url(re.compile(r"/submissions/\w+/$"))
    expect(page.locator("#verdict")).to_have_text("Waiting")


def watch(page: Page, submission: Submission) -> None:
    """Judges it as a worker would, while the page is left alone."""
    page.evaluate("window.notReloaded = true")
    verdict = page.locator("#verdict")
    claim = claim_next()
    assert claim.storage_key == submission.storage_key
    expect(verdict).to_have_text("Starting")
    evaluation_progress(claim=claim, progress=Progress(Stage.PRACTICE, Log("epoch 1\n")))
    expect(verdict).to_have_text("Practice stage")
    expect(page.locator("#practice-log")).to_have_text("epoch 1")
    expect(page.locator("#announcement")).to_contain_text("Your model runs on the practice sample")
    evaluation_finish(claim=claim, report=report_scored(0.25))
    expect(verdict).to_have_text("Scored")
    expect(page.locator("table.scores")).to_contain_text("0.2500")
    assert page.evaluate("window.notReloaded") is True, "the page was reloaded"
    expect(page.locator("#status[hx-get]")).to_have_count(0)


def read_the_board(page: Page) -> None:
    page.get_by_role("link", name="See the leaderboard").click()
    expect(page.locator("tbody tr")).to_have_count(2)
    mine = page.locator("tr.mine")
    expect(mine).to_contain_text("Ada L.")
    expect(mine.locator(".rank")).to_have_text("1")
    expect(mine).to_contain_text("0.2500")
