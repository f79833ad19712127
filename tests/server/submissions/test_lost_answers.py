"""Submissions whose database or broker fails at the worst moment."""

from collections.abc import Callable
from typing import Any

import pytest
from amqp.exceptions import AccessRefused
from celery import current_app
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection

from server.competitions.models import Competition
from server.storage.stored_files import stored_files
from server.submissions.models import Submission
from server.submissions.services import creating
from server.submissions.storage import UPLOADS
from tests.server.cast import Cast, client_of


def _send(cast: Cast, key: str = "once") -> Any:
    client = client_of(cast.student)
    client.raise_request_exception = False
    return client.post(
        "/api/v1/competitions/halves/submissions",
        {"file": SimpleUploadedFile("model.zip", b"a model")},
        format="multipart",
        headers={"Idempotency-Key": key},
    )


@pytest.mark.django_db(transaction=True)
def test_an_upload_stays_when_the_database_is_lost_after_it_was_written(
    cast: Cast, competition: Competition, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Private to Django, and the only place where an answer can be lost.
    write: Callable[[], None] = getattr(connection, "_commit")  # noqa: B009

    def write_and_be_lost() -> None:
        write()
        written = Submission.objects.exists()
        # Looking began a transaction on PostgreSQL.
        connection.connection.rollback()
        if written:
            raise OperationalError("the server closed the connection")

    with monkeypatch.context() as broken:
        broken.setattr(connection, "_commit", write_and_be_lost)
        assert _send(cast).status_code >= 500
    connection.close()
    kept = Submission.objects.get()
    assert default_storage.exists(kept.storage_key)

    again = _send(cast)
    assert (again.status_code, again.json()["id"]) == (202, kept.public_id)
    assert default_storage.exists(kept.storage_key)
    default_storage.delete(kept.storage_key)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("step", ["team_find", "submission_log"])
def test_nothing_is_left_of_an_upload_when_the_database_is_lost_before_it_could_write(
    cast: Cast, competition: Competition, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def be_lost(**arguments: object) -> None:
        raise OperationalError("the server closed the connection")

    before = {file.key for file in stored_files(UPLOADS)}
    with monkeypatch.context() as broken:
        broken.setattr(creating, step, be_lost)
        assert _send(cast).status_code >= 500
    assert not Submission.objects.exists()
    assert {file.key for file in stored_files(UPLOADS)} == before

    assert _send(cast).status_code == 202
    default_storage.delete(Submission.objects.get().storage_key)


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_refuses_the_server_refuses_no_submission(
    cast: Cast, competition: Competition, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*arguments: object, **options: object) -> None:
        raise AccessRefused("the password was changed")

    monkeypatch.setattr(current_app, "send_task", refuse)
    assert _send(cast).status_code == 202
    kept = Submission.objects.get()
    assert default_storage.exists(kept.storage_key)
    default_storage.delete(kept.storage_key)
