"""Instructors hear of what could not be judged, and a broken mail server harms nobody."""

from concurrent.futures import wait
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from server.accounts import outgoing
from server.competitions.models import Competition
from server.courses.models import Role
from server.courses.services import membership_create
from server.submissions.error_gist import error_gist
from server.submissions.models import Status
from server.submissions.services import MAX_ATTEMPTS, evaluation_fail, evaluation_requeue
from tests.server.cast import Cast, client_of, competition_make, person_make
from tests.server.judging import claim_next, evaluation_of, submit


@pytest.fixture(autouse=True)
def _addressed(settings: Settings) -> None:
    settings.SITE_URL = "https://springboard.example.org"


def sent() -> list[Any]:
    """The mails, once all that wait are sent."""
    wait([outgoing._executor.submit(lambda: None)])
    return mail.outbox


def test_each_instructor_gets_a_mail_of_their_own(
    cast: Cast,
    competition: Competition,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    second = person_make("second")
    membership_create(course=cast.course, user=second, role=Role.INSTRUCTOR)
    submission = submit(cast.student, competition)
    with django_capture_on_commit_callbacks(execute=True):
        evaluation_fail(claim=claim_next(), error="the secret labels are 1, 2, 3")
        assert sent() == []
    mails = sent()
    assert [mail.to for mail in mails] == [["instructor@example.org"], ["second@example.org"]]
    assert mails[0].subject == "Could not be judged: Halves"
    site = "https://springboard.example.org"
    assert f"{site}/submissions/{submission.public_id}/" in mails[0].body
    assert f"{site}/competitions/halves/manage/" in mails[0].body
    # Mail goes through other people's servers.
    assert "secret labels" not in mails[0].body


def test_one_an_hour_a_competition(
    cast: Cast,
    competition: Competition,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    other = competition_make(cast.course, slug="other", task_version=competition.task_version)
    with django_capture_on_commit_callbacks(execute=True):
        for where in (competition, competition, other):
            submit(cast.student, where)
            evaluation_fail(claim=claim_next(), error="gone")
    assert len(sent()) == 2
    cache.clear()  # an hour later
    with django_capture_on_commit_callbacks(execute=True):
        submit(cast.student, competition)
        evaluation_fail(claim=claim_next(), error="gone")
    assert len(sent()) == 3


def test_only_the_last_of_our_faults_is_told(
    cast: Cast,
    competition: Competition,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    submit(cast.student, competition)
    for attempt in range(1, MAX_ATTEMPTS + 1):
        with django_capture_on_commit_callbacks(execute=True):
            evaluation_requeue(claim=claim_next(), error="disk full")
        assert len(sent()) == (attempt == MAX_ATTEMPTS)


@pytest.mark.parametrize("broken", ["mail", "cache"])
def test_what_fails_to_be_told_is_not_lost(
    broken: str,
    cast: Cast,
    competition: Competition,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    submission = submit(cast.student, competition)
    if broken == "mail":
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 1, 5
    else:
        monkeypatch.setattr(cache, "add", lambda *_: 1 / 0)
    with django_capture_on_commit_callbacks(execute=True):
        evaluation_fail(claim=claim_next(), error="gone")
    assert sent() == []
    assert evaluation_of(submission).status == Status.ERROR


def test_the_student_reads_whose_fault_it_is(cast: Cast, competition: Competition) -> None:
    submission = submit(cast.student, competition)
    for _ in range(MAX_ATTEMPTS):
        evaluation_requeue(claim=claim_next(), error="Traceback\nsecret")
    shown = client_of(cast.student).get(f"/api/v1/submissions/{submission.public_id}").json()
    assert (shown["status"], shown["message"]["code"]) == ("error", "our_fault")
    told = shown["message"]["text"]
    assert "The fault is ours" in told and "your instructor has been told" in told
    assert "Nothing was charged" in told and "judged again" in shown["message"]["help"]
    assert "secret" not in str(shown)
    quota = client_of(cast.student).get("/api/v1/competitions/halves").json()["quota"]
    assert (quota["used"], quota["invalid_used"]) == (0, 0)


@pytest.mark.parametrize(
    ("error", "gist"),
    [
        ("", ""),
        ("first\nsecond", "first"),
        ("Traceback (most recent call last):\n  File\nOSError: disk full\n", "OSError: disk full"),
        ("x" * 300, "x" * 199 + "…"),
        ("a\x00b", "a�b"),
    ],
)
def test_the_gist_of_an_error_is_one_line(error: str, gist: str) -> None:
    assert error_gist(error) == gist
