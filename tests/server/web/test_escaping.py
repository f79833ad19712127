"""What people and models write reaches a browser as text, on every page."""

from datetime import timedelta
from html.parser import HTMLParser
from urllib.parse import quote, urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from server.competitions.models import Announcement, Competition
from server.competitions.services import announcement_post, extension_give
from server.courses.models import Membership
from server.leaderboards.services import evaluation_finish
from server.submissions.models import Submission
from tests.server.cast import Cast
from tests.server.judging import claim_next, judged, report_scored
from tests.server.web.reports import HOSTILE, report_hostile

PAGES = (
    "/",
    "/account/",
    "/join/",
    "/competitions/halves/",
    "/competitions/halves/data/",
    "/competitions/halves/kit/",
    "/competitions/halves/submit/",
    "/competitions/halves/submissions/",
    "/competitions/halves/leaderboard/",
    "/c/halves/wall",
    "/submissions/{id}/",
    "/submissions/{id}/status/",
    "/submissions/{id}/cancel/",
)
STAFF_PAGES = (
    "/competitions/halves/manage/",
    "/competitions/halves/manage/edit/",
    "/competitions/halves/manage/submissions/",
    "/competitions/halves/manage/submissions/?search={words}&team={words}",
    "/competitions/halves/manage/announcements/{announcement}/edit/",
    "/competitions/halves/manage/announcements/{announcement}/delete/",
    "/manage/spring/",
    "/manage/spring/members/?search={words}",
    "/manage/spring/members/{member}/remove/",
    "/manage/spring/members/{member}/role/",
    "/manage/spring/log/",
)
# Each would get out of one place where words stand.
WORDS = (
    HOSTILE,
    '"><img src=x onerror=alert(1)>',
    "' autofocus onfocus='alert(1)",
    "</title></pre></textarea><svg onload=alert(1)>",
    "--><script>alert(1)</script><!--",
    "{{ 123456|add:654321 }}{% csrf_token %}",
    "javascript:alert(1)//",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
)
LINKS = {"href", "src", "action", "formaction", "data", "poster", "hx-get", "hx-post"}
NEVER = {"iframe", "object", "embed", "base", "style", "applet", "frame"}


class _Reader(HTMLParser):
    """Notes all of a page that a browser would act on and that is not ours."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in NEVER or (tag == "script" and not given.get("src")):
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            if name.startswith("on") or name in {"style", "srcdoc", "autofocus"}:
                self.found.append(f"<{tag} {name}>")
            if name in LINKS and urlsplit(value or "").scheme not in {"", "http", "https"}:
                self.found.append(f"<{tag} {name}={value}>")
            if name in {"src", "action"} and urlsplit(value or "").netloc:
                self.found.append(f"<{tag} {name}={value}>")

    def handle_comment(self, data: str) -> None:
        self.found.append(f"<!--{data}-->")


@pytest.fixture(params=WORDS)
def words(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def submission(words: str, cast: Cast, competition: Competition, student: Client) -> Submission:
    """Everything that a person can name is hostile."""
    for person in (cast.student, cast.assistant):
        person.display_name = words
        person.save()
    for thing in (cast.course, competition):
        thing.title = words
        thing.save()
    version = competition.task_version
    version.title = version.description = words
    version.spec["summary"] = words
    version.save()
    student.post("/account/", {"name": words})
    judged(cast.student, competition, report_scored(0.25))
    file = SimpleUploadedFile(f"{words.replace('/', '')}.zip", b"x")
    student.post("/competitions/halves/submit/", {"file": file, "message": words})
    evaluation_finish(claim=claim_next(), report=report_hostile(words))
    announcement_post(competition=competition, author=cast.assistant, title=words, text=words)
    extension_give(
        competition=competition,
        actor=cast.assistant,
        who=words,
        closes_at=competition.closes_at + timedelta(days=1),
    )
    return Submission.objects.latest("pk")


@pytest.mark.parametrize("reader", ["student", "instructor"])
def test_hostile_words_stay_words(
    reader: str, words: str, cast: Cast, submission: Submission
) -> None:
    client = Client()
    client.force_login(cast.named(reader))
    keys = {
        "id": submission.public_id,
        "announcement": Announcement.objects.get().pk,
        "member": Membership.objects.get(user=cast.student).pk,
        "words": quote(words),
    }
    for path in (*PAGES, *(STAFF_PAGES if reader == "instructor" else ())):
        response = client.get(path.format(**keys))
        assert response.status_code == 200, path
        page = response.content.decode()
        found = _Reader()
        found.feed(page)
        found.close()
        assert found.found == [], path
        assert HOSTILE not in page and "777777" not in page, path


@pytest.mark.parametrize("words", [HOSTILE], indirect=True)
def test_the_hostile_words_are_really_there(
    cast: Cast, submission: Submission, student: Client, instructor: Client
) -> None:
    words = "&lt;script&gt;alert(1)&lt;/script&gt;"
    board = student.get("/competitions/halves/leaderboard/").content.decode()
    assert f'class="team">{words}' in board
    page = instructor.get(f"/submissions/{submission.public_id}/").content.decode()
    assert page.count(words) >= 5
    assert f">{words}\n</pre>" in page and f">judged {words}\n</pre>" in page


def test_a_hostile_link_name_stays_words(db: None) -> None:
    page = Client().get("/join/%3Cscript%3Ealert(1)%3C%2Fscript%3E/")
    assert "<script>alert" not in page.content.decode()


def test_every_page_forbids_what_is_not_ours(cast: Cast, student: Client) -> None:
    for response in (student.get("/"), Client().get("/login/"), student.get("/nowhere/")):
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy and "unsafe" not in policy
