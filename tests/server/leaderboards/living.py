"""A task that is really prepared, workers that really run, and a client of the API."""

import io
import zipfile
from datetime import timedelta
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from pytest_django import Settings
from rest_framework.test import APIClient

from evaluators.installation import task_seed
from evaluators.prepare import task_prepare
from evaluators.sandbox import sandbox_select
from evaluators.task import task_load
from server.competitions.models import Competition
from server.competitions.services import competition_create, task_register
from server.courses.models import Course
from tests.server.tiny_task import tiny_task_write

GPU = '\n[resources]\naccelerator = "gpu"\n'


def competition_live(
    course: Course, folder: Path, settings: Settings, *, resources: str = ""
) -> Competition:
    """A competition whose task this machine has prepared.

    Args:
        course: where.
        folder: for the task.
        settings: the tests'.
        resources: what the task asks for, as a part of its `task.toml`.
    """
    written = tiny_task_write(folder / "tasks")
    (written / "task.toml").write_text((written / "task.toml").read_text() + resources)
    task = task_load(written)
    prepared = task_prepare(
        task=task,
        data_root=settings.DATA_DIR,
        seed=task_seed(settings.VAR_DIR, task.slug),
        sandbox=sandbox_select(),
        on_line=lambda line: None,
    )
    settings.TASKS_DIR = folder / "tasks"
    return competition_create(
        course=course,
        slug="halves",
        title="Halves",
        task_version=task_register(task=task, data_version=prepared.data_version),
        opens_at=timezone.now() - timedelta(days=1),
        closes_at=timezone.now() + timedelta(days=1),
    )


def worker_environment(settings: Settings) -> dict[str, str]:
    return {
        "SPRINGBOARD_TASKS": str(settings.TASKS_DIR),
        "SPRINGBOARD_SWEEP_SECONDS": "2",
    }


def zipped(model: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("model.py", model)
    return packed.getvalue()


def post(client: APIClient, model: str) -> str:
    response = client.post(
        "/api/v1/competitions/halves/submissions",
        {"file": SimpleUploadedFile("model.zip", zipped(model))},
        format="multipart",
    )
    assert response.status_code == 202, response.content
    public_id: str = response.json()["id"]
    return public_id


def show(client: APIClient, public_id: str) -> dict[str, object]:
    shown: dict[str, object] = client.get(f"/api/v1/submissions/{public_id}").json()
    return shown


def ended(client: APIClient, *ids: str) -> bool:
    return all(show(client, i)["status"] in ("done", "error", "cancelled") for i in ids)
