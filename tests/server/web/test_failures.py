"""The box of what could not be judged, and its buttons."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from server.competitions.models import Competition
from server.submissions.models import Evaluation, Submission
from server.submissions.selectors import failed
from server.submissions.services import evaluation_fail
from tests.server.cast import Cast
from tests.server.judging import claim_next, submit
from tests.server.web.conftest import browser_of

COURSE, MANAGE = "/manage/spring/", "/competitions/halves/manage/"
BOX = "Could not be judged"


def fail(cast: Cast, competition: Competition, error: str = "<b>gone</b>") -> Submission:
    submission = submit(cast.student, competition, message="wider")
    evaluation_fail(claim=claim_next(), error=error)
    return submission


def text(client: Client, path: str) -> str:
    return client.get(path).content.decode()


@pytest.mark.parametrize("path", [COURSE, MANAGE])
def test_it_shows_what_failed_and_nothing_else(
    path: str, cast: Cast, competition: Competition, instructor: Client
) -> None:
    assert BOX not in text(instructor, path)
    submission = fail(cast, competition)
    page = text(instructor, path)
    assert BOX in page and "&lt;b&gt;gone&lt;/b&gt;" in page and "<b>gone" not in page
    assert f'href="/submissions/{submission.public_id}/"' in page
    assert ("Judge all of them again" in page) is (path == MANAGE)


@pytest.mark.parametrize(
    ("back", "where"),
    [("course", COURSE), ("competition", MANAGE), ("", None), ("//evil.example", None)],
)
def test_a_button_leads_back_to_where_it_was(
    back: str, where: str | None, cast: Cast, competition: Competition
) -> None:
    submission = fail(cast, competition)
    page = f"/submissions/{submission.public_id}/"
    assistant = browser_of(cast, "assistant")
    response = assistant.post(f"{page}judge-again/", {"back": back})
    assert response.headers["Location"] == (where or page)
    assert Evaluation.objects.filter(behind=True).count() == 1


def test_pressing_it_twice_says_so(cast: Cast, competition: Competition) -> None:
    submission = fail(cast, competition)
    assistant = browser_of(cast, "assistant")
    address = f"/submissions/{submission.public_id}/judge-again/"
    assistant.post(address)
    page = assistant.post(address, follow=True).content.decode()
    assert "It waits or is being judged already" in page
    assert Evaluation.objects.filter(behind=True).count() == 1


def test_all_of_them(cast: Cast, competition: Competition, instructor: Client) -> None:
    for _ in range(2):
        fail(cast, competition)
    page = instructor.post(f"{MANAGE}judge-again/", follow=True).content.decode()
    assert "2 submissions wait to be judged again" in page and BOX not in page
    page = instructor.post(f"{MANAGE}judge-again/", follow=True).content.decode()
    assert "Nothing is left" in page


def test_its_team_sees_no_button_and_no_error(
    cast: Cast, competition: Competition, student: Client, instructor: Client
) -> None:
    submission = fail(cast, competition, error="labels.npz")
    page = f"/submissions/{submission.public_id}/"
    assert "Judge again" in text(instructor, page)
    told = text(student, page)
    assert "Judge again" not in told and "labels.npz" not in told
    assert "your instructor can have it judged again" in told
    assert student.post(f"{page}judge-again/").status_code == 403
    assert not Evaluation.objects.filter(behind=True).exists()


def test_its_team_reads_that_it_is_judged_again(
    cast: Cast, competition: Competition, student: Client, instructor: Client
) -> None:
    page = f"/submissions/{fail(cast, competition).public_id}/"
    instructor.post(f"{page}judge-again/")
    assert "Your instructor has it judged again" in text(student, page)
    assert "does not count as one of a day" in text(student, f"{page}cancel/")


@pytest.mark.parametrize("path", [COURSE, MANAGE])
def test_a_long_list_is_cut_and_asked_for_once(
    path: str,
    cast: Cast,
    competition: Competition,
    instructor: Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(failed, "SHOWN", 3)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert instructor.get(path).status_code == 200
        return len(captured)

    fail(cast, competition)
    few = queries()
    for _ in range(4):
        fail(cast, competition)
    assert queries() == few
    assert "There are more than these 3" in text(instructor, path)
