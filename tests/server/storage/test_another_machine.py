"""A worker that has the addresses of database, broker and storage, and nothing else."""

import io
import zipfile
from pathlib import Path

import pytest
from django.conf import settings as settings_now
from django.core.management import CommandError, call_command
from pytest_django import Settings

from server.competitions.models import Competition
from server.submissions.models import Evaluation, Submission
from tests.server.cast import Cast, client_of
from tests.server.leaderboards.living import competition_live, ended, post, show
from tests.server.processes import process, wait_for
from tests.server.tiny_task import MODEL
from tests.services.bucket import Bucket


@pytest.mark.e2e
@pytest.mark.sandbox
@pytest.mark.django_db(transaction=True)
def test_it_judges_by_what_the_storage_has(
    bucket: Bucket, cast: Cast, tmp_path: Path, settings: Settings
) -> None:
    competition_live(cast.course, tmp_path, settings)
    call_command("tasks", "sync", stdout=io.StringIO())
    client, log = client_of(cast.student), tmp_path / "worker.log"
    public_id = post(client, MODEL)
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "tasks").mkdir(parents=True)
    with process(
        ["manage", "worker", "--beat"],
        log=log,
        SPRINGBOARD_VAR=str(elsewhere / "var"),
        SPRINGBOARD_TASKS=str(elsewhere / "tasks"),
        SPRINGBOARD_SWEEP_SECONDS="2",
        STORAGE_URL=bucket.url,
        LOG_LEVEL="DEBUG",
    ):
        wait_for(lambda: ended(client, public_id), seconds=120, log=log)
    shown = show(client, public_id)
    assert (shown["verdict"], shown["message"]) == ("scored", None), log.read_text()[-3000:]
    assert Submission.objects.get().storage_key in bucket.keys("uploads/")
    evaluation = Evaluation.objects.get()
    assert {evaluation.statistics_key, evaluation.predictions_key} <= set(bucket.keys("results/"))
    told = client.get(f"/api/v1/submissions/{public_id}/diagnostics").json()["results"]
    for one in told:
        assert client.get(one["picture"]).getvalue().startswith(b"\x89PNG")
    data = client.get("/api/v1/competitions/halves/data").getvalue()
    assert zipfile.ZipFile(io.BytesIO(data)).namelist() == ["data/practice.npz"]
    upload = client_of(cast.instructor).get(f"/api/v1/submissions/{public_id}/upload")
    assert upload.status_code == 200
    # The key is in no log, at whatever level.
    assert "a/secret" not in log.read_text() and "a%2Fsecret" not in log.read_text()
    assert not list((elsewhere / "var" / "storage").rglob("*.zip"))


@pytest.mark.sandbox
@pytest.mark.django_db
def test_the_doctor_looks_into_the_bucket(
    bucket: Bucket, competition: Competition, prepared_files: None
) -> None:
    told = io.StringIO()
    call_command("doctor", stdout=told)
    assert f"{settings_now.STORAGE_URL} can be written and read" in told.getvalue()
    assert "is not in the storage: run `manage.py tasks sync`" in told.getvalue()
    call_command("tasks", "sync", stdout=io.StringIO())
    call_command("doctor", stdout=told)
    assert "is in the storage" in told.getvalue()
    assert "a/secret" not in told.getvalue() and "a%2Fsecret" not in told.getvalue()


def test_a_bucket_that_is_gone_is_bad(bucket: Bucket, db: None) -> None:
    told = io.StringIO()
    bucket.stop()
    try:
        with pytest.raises(CommandError):
            call_command("doctor", stdout=told)
    finally:
        bucket.start()
    assert "check STORAGE_URL" in told.getvalue()
    assert "secret" not in told.getvalue()
