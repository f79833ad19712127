"""Files without a row, and rows without a file, in a folder and in a bucket."""

import io
import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from pytest_django import Settings

import server.submissions.orphans as orphans
from server.competitions.models import Competition
from server.storage.stored_files import unfinished_delete
from server.submissions.jobs import storage_sweep
from server.submissions.models import Diagnostic, Evaluation
from tests.server.cast import Cast
from tests.server.judging import judged, report_scored
from tests.services.bucket import NAME, Bucket

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["folder", "bucket"])
def storage(request: pytest.FixtureRequest, settings: Settings, tmp_path: Path) -> None:
    """A storage of the test's own, of either kind; empty."""
    if request.param == "folder":
        (tmp_path / "incoming").mkdir()
        backend = settings.STORAGES["default"]
        options = backend["OPTIONS"] | {"location": tmp_path}
        settings.STORAGES = settings.STORAGES | {"default": backend | {"OPTIONS": options}}
        settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "incoming"
    else:
        request.getfixturevalue("bucket")


def _run(*arguments: str) -> str:
    said = io.StringIO()
    call_command("storage", *arguments, stdout=said)
    return said.getvalue()


def _file(key: str) -> str:
    return default_storage.save(key, ContentFile(b"12345"))


@pytest.mark.usefixtures("storage")
def test_uploads_that_were_cut_off_go_with_them(settings: Settings) -> None:
    incoming = Path(settings.FILE_UPLOAD_TEMP_DIR)
    old, new = incoming / "old.upload", incoming / "new.upload"
    for path in (old, new):
        path.write_bytes(b"x")
    two_days_ago = time.time() - 2 * 24 * 3600
    os.utime(old, (two_days_ago, two_days_ago))
    storage_sweep()
    assert (old.exists(), new.exists()) == (False, True)
    new.unlink()


@pytest.mark.usefixtures("storage")
def test_only_old_files_without_a_row_go(
    cast: Cast, competition: Competition, monkeypatch: pytest.MonkeyPatch
) -> None:
    evaluation = judged(cast.student, competition, report_scored(0.3))
    Diagnostic.objects.create(
        evaluation=evaluation,
        name="told",
        split="public",
        data={},
        picture_key=_file(f"results/{evaluation.public_id}-1/told.png"),
    )
    lost = {_file("uploads/nobodys"), _file(f"results/{evaluation.public_id}-2/statistics.npz")}
    assert _run("orphans") == "" and _run("check").startswith("6 files, 0 missing, 0 without")
    monkeypatch.setattr(orphans, "AGE", timedelta(days=-1))
    assert {line.split()[0] for line in _run("orphans").splitlines()} == lost
    assert "2 without a row for a day (10 bytes)" in _run("check")
    storage_sweep()
    assert not any(default_storage.exists(key) for key in lost)
    assert _run("check").startswith("4 files, 0 missing, 0 without")


@pytest.mark.usefixtures("storage")
def test_what_is_missing_is_named(cast: Cast, competition: Competition) -> None:
    evaluation = judged(cast.student, competition, report_scored(0.3))
    default_storage.delete(evaluation.submission.storage_key)
    default_storage.delete(evaluation.predictions_key)
    said = io.StringIO()
    with pytest.raises(CommandError, match="2 files are missing"):
        call_command("storage", "check", stdout=said)
    assert f"{evaluation.submission.storage_key} of the submission" in said.getvalue()
    assert f"{evaluation.predictions_key} of the evaluation" in said.getvalue()


@pytest.mark.usefixtures("storage")
def test_a_storage_of_another_database_is_left_alone(
    db: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(orphans, "AGE", timedelta(days=-1))
    keys = [_file(f"uploads/theirs{number}") for number in range(orphans.FEW + 1)]
    storage_sweep()
    assert all(default_storage.exists(key) for key in keys)
    assert "nothing is removed" in caplog.text
    assert _run("orphans", "--delete") == f"{len(keys)} files removed\n"
    assert not any(default_storage.exists(key) for key in keys)


@pytest.mark.parametrize("storage", ["folder"], indirect=True)
@pytest.mark.usefixtures("storage")
def test_a_day_is_a_day(db: None) -> None:
    young, old = _file("uploads/young"), _file("uploads/old")
    for key, hours in ((young, 23), (old, 25)):
        when = time.time() - hours * 3600
        os.utime(default_storage.path(key), (when, when))
    storage_sweep()
    assert default_storage.exists(young) and not default_storage.exists(old)


@pytest.mark.usefixtures("storage")
def test_a_batch_does_not_end_the_search(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(orphans, "AGE", timedelta(days=-1))
    monkeypatch.setattr(orphans, "BATCH", 2)
    for number in range(5):
        _file(f"uploads/{number}")
    assert len(_run("orphans").splitlines()) == 5
    assert Evaluation.objects.count() == 0


def test_parts_of_a_file_that_never_became_whole_go_too(bucket: Bucket, db: None) -> None:
    client = bucket.client()
    begun = client.create_multipart_upload(Bucket=NAME, Key="uploads/half")
    client.upload_part(
        Bucket=NAME, Key="uploads/half", UploadId=begun["UploadId"], PartNumber=1, Body=b"x"
    )
    (found,) = client.list_multipart_uploads(Bucket=NAME)["Uploads"]
    foreign = client.create_multipart_upload(Bucket=NAME, Key="of-another-program/half")
    # This server dates all of them into the past.
    assert unfinished_delete("uploads", found["Initiated"]) == 0
    storage_sweep()
    (left,) = client.list_multipart_uploads(Bucket=NAME)["Uploads"]
    assert left["UploadId"] == foreign["UploadId"]
