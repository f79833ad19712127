"""Sending a submission through the API."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from rest_framework.test import APIClient

from server.competitions.models import Competition
from server.submissions.models import Evaluation, Submission
from server.submissions.storage import upload_path
from tests.server.cast import PASSWORD, Cast, client_of, competition_make, task_version_make

MB = 1024 * 1024


def _send(
    client: APIClient, content: bytes = b"a model", name: str = "model.zip", **fields: str
) -> Any:
    headers = {"Idempotency-Key": fields.pop("key")} if "key" in fields else {}
    response = client.post(
        "/api/v1/competitions/halves/submissions",
        {"file": SimpleUploadedFile(name, content), **fields},
        format="multipart",
        headers=headers,
    )
    return response


@pytest.fixture
def client(cast: Cast, competition: Competition) -> APIClient:
    return client_of(cast.student)


def test_it_takes_a_model_in(client: APIClient) -> None:
    response = _send(client, message="first try")
    shown = response.json()
    assert response.status_code == 202
    assert (shown["status"], shown["verdict"], shown["queue_position"]) == ("queued", None, 1)
    assert (shown["note"], shown["filename"], shown["size"]) == ("first try", "model.zip", 7)
    assert response["Location"] == shown["url"]
    assert client.get(shown["url"]).json()["id"] == shown["id"]
    submission = Submission.objects.get()
    assert upload_path(key=submission.storage_key).read_bytes() == b"a model"
    assert submission.sha256 == shown["sha256"]


def test_nothing_is_left_among_the_incoming_files(client: APIClient) -> None:
    _send(client, b"x" * 100_000)
    _send(client, b"x" * (MB + 1))
    assert list(Path(settings.FILE_UPLOAD_TEMP_DIR).iterdir()) == []


def test_stored_uploads_are_their_owners_only(client: APIClient) -> None:
    _send(client)
    path = upload_path(key=Submission.objects.get().storage_key)
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("size", [MB + 1, 3 * MB])
def test_an_upload_beyond_the_limit_is_refused_by_its_name(client: APIClient, size: int) -> None:
    response = _send(client, b"x" * size)
    assert response.status_code == 413
    assert "more than 1 MB" in response.json()["detail"]
    assert not Submission.objects.exists()


def test_an_upload_of_just_the_limit_is_taken(client: APIClient) -> None:
    assert _send(client, b"x" * MB).status_code == 202


def test_a_request_that_announces_too_much_is_not_read(client: APIClient) -> None:
    response = client.generic(
        "POST",
        "/api/v1/competitions/halves/submissions",
        "--x\r\n",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(10**12),
    )
    assert response.status_code == 413


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "a\x00b.zip", "\u202egpj.piz", "x" * 500 + ".zip"]
)
def test_a_hostile_name_is_only_a_name(client: APIClient, name: str) -> None:
    response = _send(client, name=name)
    assert response.status_code in (202, 400)
    for submission in Submission.objects.all():
        assert submission.filename.isprintable()
        assert "/" not in submission.filename
        assert len(submission.filename) <= 200
        assert upload_path(key=submission.storage_key).is_relative_to(settings.STORAGE_DIR)


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({}, "file"),
        ({"file": "text"}, "file"),
        ({"file": SimpleUploadedFile("empty.zip", b"")}, "empty"),
        ({"other": SimpleUploadedFile("m.zip", b"x")}, "file"),
        ({"file": SimpleUploadedFile("m.zip", b"x"), "message": "x" * 201}, "message"),
        ({"file": SimpleUploadedFile("m.zip", b"x"), "message": "a\u202eb"}, "message"),
        (
            {
                "file": [SimpleUploadedFile("a.zip", b"x"), SimpleUploadedFile("b.zip", b"y")],
            },
            "one file",
        ),
    ],
)
def test_what_is_wrong_is_named(client: APIClient, fields: dict[str, object], named: str) -> None:
    response = client.post("/api/v1/competitions/halves/submissions", fields, format="multipart")
    assert response.status_code == 400
    assert named in response.json()["detail"]
    assert not Submission.objects.exists()


def test_a_repeated_request_gets_the_earlier_submission(client: APIClient) -> None:
    first = _send(client, key="abc").json()
    assert _send(client, key="abc").json()["id"] == first["id"]
    assert Submission.objects.count() == Evaluation.objects.count() == 1
    assert len(list((Path(settings.STORAGE_DIR) / "uploads").glob("*"))) >= 1


def test_a_repeated_request_gets_it_also_when_the_day_is_used_up(cast: Cast) -> None:
    competition_make(cast.course, daily_limit=1)
    client = client_of(cast.student)
    first = _send(client, key="abc").json()
    assert _send(client).status_code == 429
    assert _send(client, key="abc").json()["id"] == first["id"]


@pytest.mark.parametrize("change", [{"content": b"another"}, {"message": "another"}])
def test_a_key_with_another_payload_is_refused(
    client: APIClient, change: dict[str, object]
) -> None:
    _send(client, key="abc")
    response = _send(client, key="abc", **change)  # type: ignore[arg-type]
    assert (response.status_code, response.json()["code"]) == (422, "idempotency_key_reused")


def test_a_key_is_the_teams_own(client: APIClient, cast: Cast) -> None:
    first = _send(client, key="abc").json()["id"]
    assert _send(client_of(cast.classmate), key="abc").json()["id"] != first


def test_a_hostile_key_is_refused(client: APIClient) -> None:
    assert _send(client, key="x" * 201).status_code == 400


@pytest.mark.parametrize(
    ("opens", "closes", "word"), [(1, 2, "opens at"), (-2, -1, "closed at"), (-2, 0, "closed at")]
)
def test_it_takes_nothing_before_and_after(
    client: APIClient, competition: Competition, opens: int, closes: int, word: str
) -> None:
    competition.opens_at = timezone.now() + timedelta(hours=opens)
    competition.closes_at = timezone.now() + timedelta(hours=closes)
    competition.save()
    response = _send(client)
    assert (response.status_code, response.json()["code"]) == (403, "not_open")
    assert word in response.json()["detail"]


def test_a_task_for_accelerators_waits_in_their_queue(cast: Cast) -> None:
    version = task_version_make(artifact_mb=2)
    version.spec["resources"]["accelerator"] = "gpu"
    version.save()
    competition_make(cast.course, task_version=version)
    assert _send(client_of(cast.student)).json()["queue"] == "gpu"


def test_a_session_needs_the_page_to_vouch_for_it(cast: Cast, competition: Competition) -> None:
    browser = APIClient(enforce_csrf_checks=True)
    assert browser.login(username="student", password=PASSWORD)
    response = _send(browser)
    assert response.status_code == 403
    assert "CSRF" in response.json()["detail"]
    browser.get("/admin/login/")
    token = browser.cookies["csrftoken"].value
    browser.credentials(HTTP_X_CSRFTOKEN=token)
    assert _send(browser).status_code == 202
    # The limit holds on this way in too, where the check reads the request first.
    assert _send(browser, b"x" * (MB + 1)).status_code == 413
