"""What people and models write reaches a browser as text, on every page."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from server.competitions.models import Competition
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
    "/competitions/halves/manage/submissions/",
    "/competitions/halves/leaderboard/",
    "/submissions/{id}/",
    "/submissions/{id}/status/",
    "/submissions/{id}/cancel/",
)
INLINE = re.compile(
    r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE
)


@pytest.fixture
def submission(cast: Cast, competition: Competition, student: Client) -> Submission:
    """Everything that a person can name is hostile."""
    cast.student.display_name = HOSTILE
    cast.student.save()
    for thing in (cast.course, competition):
        thing.title = HOSTILE
        thing.save()
    version = competition.task_version
    version.description = HOSTILE
    version.spec["summary"] = HOSTILE
    version.save()
    student.post("/account/", {"name": HOSTILE})
    judged(cast.student, competition, report_scored(0.25))
    file = SimpleUploadedFile(f"{HOSTILE.replace('/', '')}.zip", b"x")
    student.post("/competitions/halves/submit/", {"file": file, "message": HOSTILE})
    evaluation_finish(claim=claim_next(), report=report_hostile())
    return Submission.objects.latest("pk")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("reader", ["student", "instructor"])
def test_hostile_words_stay_words(
    path: str, reader: str, cast: Cast, submission: Submission
) -> None:
    client = Client()
    client.force_login(cast.named(reader))
    page = client.get(path.format(id=submission.public_id)).content.decode()
    assert "<script>" not in page
    assert INLINE.search(page) is None


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
