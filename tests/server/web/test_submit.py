from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import DjangoCaptureOnCommitCallbacks

from server.competitions.models import Competition
from server.submissions.models import Submission
from tests.server.cast import Cast
from tests.server.judging import claim_next, submit

PATH = "/competitions/halves/submit/"
MB = 1024 * 1024


def file_of(content: bytes = b"class Model: ...", name: str = "model.py") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_it_takes_a_submission_in(
    competition: Competition,
    student: Client,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks() as rung:
        response = student.post(PATH, {"file": file_of(), "message": "first try"})
    submission = Submission.objects.get()
    assert response.headers["Location"] == f"/submissions/{submission.public_id}/"
    assert (submission.message, submission.filename) == ("first try", "model.py")
    assert submission.evaluations.get().status == "queued"
    assert rung, "no worker was rung for"


def test_a_second_click_is_the_same_submission(competition: Competition, student: Client) -> None:
    form = {"message": "", "key": "page-of-today"}
    first = student.post(PATH, {"file": file_of(), **form})
    second = student.post(PATH, {"file": file_of(), **form})
    assert first.headers["Location"] == second.headers["Location"]
    assert Submission.objects.count() == 1


def test_another_file_on_the_same_page_is_another_submission(
    competition: Competition, student: Client
) -> None:
    student.post(PATH, {"file": file_of(b"one"), "key": "page-of-today"})
    student.post(PATH, {"file": file_of(b"two"), "key": "page-of-today"})
    assert Submission.objects.count() == 2


def test_every_page_has_a_key_of_its_own(competition: Competition, student: Client) -> None:
    pages = [student.get(PATH).context["form"]["key"].value() for _ in range(2)]
    assert pages[0] and pages[0] != pages[1]


def test_it_says_what_is_left_and_when_it_renews(
    cast: Cast, competition: Competition, student: Client
) -> None:
    submit(cast.student, competition)
    page = student.get(PATH).content.decode()
    assert "<strong>4</strong> of 5 submissions left today" in page
    assert "A new day begins" in page and ", 00:00 CE" in page
    assert "at most 1 MB" in page


def test_a_used_up_day_is_explained(cast: Cast, competition: Competition, student: Client) -> None:
    competition.daily_limit = 1
    competition.save()
    submit(cast.student, competition)
    response = student.post(PATH, {"file": file_of()})
    assert response.status_code == 429
    page = response.content.decode()
    assert "Your 1 submissions of today are used up." in page
    assert "You may submit again at" in page


def test_a_full_queue_is_explained(cast: Cast, competition: Competition, student: Client) -> None:
    competition.queue_limit = 1
    competition.save()
    submit(cast.student, competition)
    response = student.post(PATH, {"file": file_of()})
    assert response.status_code == 429
    assert "cancel one" in response.content.decode()


@pytest.mark.parametrize("excess", [1, 3 * MB], ids=["a byte", "much"])
def test_an_upload_over_the_limit_is_refused(
    excess: int, competition: Competition, student: Client, uploads_folder: Path
) -> None:
    before = set(uploads_folder.glob("*"))
    response = student.post(PATH, {"file": file_of(b"x" * (MB + excess))})
    assert response.status_code == 413
    assert "more than 1 MB, the limit of this task" in response.content.decode()
    assert not Submission.objects.exists()
    assert set(uploads_folder.glob("*")) == before


def test_far_too_much_is_refused_before_it_is_read(
    competition: Competition, student: Client
) -> None:
    response = student.post(PATH, {"file": file_of()}, CONTENT_LENGTH=str(500 * MB))
    assert response.status_code == 413
    assert not Submission.objects.exists()


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({}, "Choose a file"),
        ({"file": SimpleUploadedFile("model.zip", b"")}, "The file is empty"),
        ({"file": SimpleUploadedFile("model.zip", b"x"), "message": "m" * 201}, "200"),
        ({"file": SimpleUploadedFile("model.zip", b"x"), "message": "a\u202eb"}, "plain text"),
    ],
    ids=["no file", "empty file", "long message", "message that turns"],
)
def test_a_mistake_is_said_and_keeps_nothing(
    form: dict[str, object],
    said: str,
    competition: Competition,
    student: Client,
    uploads_folder: Path,
) -> None:
    before = set(uploads_folder.glob("*"))
    response = student.post(PATH, form)
    assert response.status_code == 422
    assert said in response.content.decode()
    assert not Submission.objects.exists()
    assert set(uploads_folder.glob("*")) == before


def test_it_says_when_it_opens_and_that_it_is_over(
    competition: Competition, student: Client
) -> None:
    competition.opens_at = timezone.now() + timedelta(days=1)
    competition.save()
    assert "The competition has not begun" in student.get(PATH).content.decode()
    response = student.post(PATH, {"file": file_of()})
    assert response.status_code == 403
    competition.opens_at = timezone.now() - timedelta(days=2)
    competition.closes_at = timezone.now() - timedelta(days=1)
    competition.save()
    assert "The competition is over" in student.get(PATH).content.decode()
    response = student.post(PATH, {"file": file_of()})
    assert response.status_code == 403
    assert "it takes no more submissions" in response.content.decode()


def test_what_was_submitted_can_be_claimed(competition: Competition, student: Client) -> None:
    student.post(PATH, {"file": file_of(), "message": "x"})
    assert claim_next().filename == "model.py"
