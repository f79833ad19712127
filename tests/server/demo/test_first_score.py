"""A real browser, web server, worker and sandbox: from the invite link to a first score."""

import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Page, ViewportSize, expect, sync_playwright

from tests.evaluators.tiny_task import GOOD_MODEL
from tests.server.demo.installation import staying, word_of
from tests.server.web.test_browser import ARGUMENTS, DESK, PHONE, chromium_path

pytestmark = [pytest.mark.e2e, pytest.mark.browser]
JUDGED_MS = 60_000


@pytest.fixture
def invite_link(installation: Mapping[str, str], tmp_path: Path) -> Iterator[str]:
    """The link that the demonstration prints, while it is up."""
    out = tmp_path / "out"
    with staying(installation, out):
        server = word_of(out, "http://127.0.0.1")
        yield word_of(out, f"{server}/join/")


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "model.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("model.py", GOOD_MODEL)
    return path


def test_a_student_needs_no_hint(invite_link: str, model: Path) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=list(ARGUMENTS))
        for name, size in (("ada", PHONE), ("grace", DESK)):
            page = browser.new_context(viewport=size).new_page()
            join(page, invite_link, name)
            download(page, size)
            submit(page, model)
            read_the_board(page, name)
        browser.close()


def join(page: Page, invite_link: str, name: str) -> None:
    page.goto(invite_link)
    page.get_by_role("main").get_by_role("link", name="Sign up").click()
    page.get_by_label("User name").fill(name)
    page.get_by_label("Email address").fill(f"{name}@example.org")
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("button", name="Create the account").click()
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_role("heading", name="Your next three steps")).to_be_visible()


def download(page: Page, size: ViewportSize) -> None:
    """The first two steps: kit and data, and the line that checks a model."""
    page.get_by_role("region", name="Next steps").get_by_role("link", name="Download").click()
    for link in ("kit", "data"):
        with page.expect_download() as started:
            page.get_by_role("main").locator(f"a[href$='/signs/{link}']").first.click()
        assert zipfile.is_zipfile(started.value.path())
    expect(page.get_by_role("main")).to_contain_text("springboard check")
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def submit(page: Page, model: Path) -> None:
    page.get_by_role("navigation", name="Competition").get_by_role("link", name="Submit").click()
    page.set_input_files("#id_file", model)
    page.get_by_role("button", name="Submit").click()
    page.wait_for_url(re.compile(r"/submissions/\w+/$"))
    # Nobody reloads: the page follows the worker by itself.
    expect(page.locator("#verdict")).to_have_text("Scored", timeout=JUDGED_MS)
    expect(page.locator("#practice-log")).to_contain_text("loading")


def read_the_board(page: Page, name: str) -> None:
    page.get_by_role("link", name="See the leaderboard").click()
    expect(page.locator("tr.mine")).to_contain_text(name)
    expect(page.locator("tr.mine")).to_contain_text("0.1054")
