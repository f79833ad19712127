"""The real worker, broker, database and sandbox together, on a task that the test writes."""

import io
import signal
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
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
from server.submissions.models import Evaluation, Status
from server.submissions.services import LEASE
from tests.server.cast import Cast, client_of
from tests.server.processes import kill_group, process, wait_for
from tests.server.tiny_task import MODEL, SLOW_MODEL, tiny_task_write

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.sandbox,
    pytest.mark.django_db(transaction=True),
]

WORKER = ["manage", "worker", "--beat"]
CRASH = MODEL.replace('print("loading")', "import os; os._exit(3)")
SLEEPS = MODEL.replace('print("loading")', "import time; time.sleep(600)")


@pytest.fixture
def world(cast: Cast, tmp_path: Path, settings: Settings) -> Iterator[Competition]:
    task = task_load(tiny_task_write(tmp_path / "tasks"))
    prepared = task_prepare(
        task=task,
        data_root=settings.DATA_DIR,
        seed=task_seed(settings.VAR_DIR, task.slug),
        sandbox=sandbox_select(),
        on_line=lambda line: None,
    )
    settings.TASKS_DIR = tmp_path / "tasks"
    yield competition_create(
        course=cast.course,
        slug="halves",
        title="Halves",
        task_version=task_register(task=task, data_version=prepared.data_version),
        opens_at=timezone.now() - timedelta(days=1),
        closes_at=timezone.now() + timedelta(days=1),
    )


def _worker(settings_now: Settings) -> dict[str, str]:
    return {
        "SPRINGBOARD_TASKS": str(settings_now.TASKS_DIR),
        "SPRINGBOARD_SWEEP_SECONDS": "2",
    }


def _messages_lose(settings_now: Settings) -> None:
    for message in (settings_now.BROKER_DIR / "messages").iterdir():
        message.unlink(missing_ok=True)


def _zip(model: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("model.py", model)
    return packed.getvalue()


def _submit(client: APIClient, model: str) -> str:
    response = client.post(
        "/api/v1/competitions/halves/submissions",
        {"file": SimpleUploadedFile("model.zip", _zip(model))},
        format="multipart",
    )
    assert response.status_code == 202, response.content
    public_id: str = response.json()["id"]
    return public_id


def _show(client: APIClient, public_id: str) -> dict[str, object]:
    shown: dict[str, object] = client.get(f"/api/v1/submissions/{public_id}").json()
    return shown


def _ended(client: APIClient, *ids: str) -> bool:
    return all(_show(client, i)["status"] in ("done", "error", "cancelled") for i in ids)


def test_models_are_judged_and_stand_on_the_board(
    world: Competition, cast: Cast, tmp_path: Path, settings: Settings
) -> None:
    client, other = client_of(cast.student), client_of(cast.classmate)
    good, crash, nothing = (_submit(client, model) for model in (MODEL, CRASH, ""))
    rival = _submit(other, MODEL.replace("0.9, 0.1", "0.7, 0.3"))
    log = tmp_path / "worker.log"
    with process(WORKER, log=log, **_worker(settings)):
        wait_for(
            lambda: _ended(client, good, crash, nothing) and _ended(other, rival),
            seconds=120,
            log=log,
        )
    shown = _show(client, good)
    assert (shown["verdict"], shown["message"]) == ("scored", None)
    assert "loading" in str(shown["practice_log"])
    assert _show(client, crash)["verdict"] == "runtime_error"
    assert _show(client, nothing)["verdict"] == "load_error"
    board = client.get("/api/v1/competitions/halves/leaderboard").json()["results"]
    assert [(row["rank"], row["team"]) for row in board] == [(1, "student"), (2, "classmate")]
    assert board[0]["score"]["value"] == pytest.approx(0.10536, abs=1e-4)
    assert board[1]["score"]["value"] == pytest.approx(0.35667, abs=1e-4)
    quota = client.get("/api/v1/competitions/halves").json()["quota"]
    assert (quota["used"], quota["invalid_used"]) == (1, 2)
    told = client.get(f"/api/v1/submissions/{good}/diagnostics").json()["results"]
    assert {one["name"]: one["split"] for one in told}["reliability"] == "public"
    for one in told:
        assert client.get(one["picture"]).getvalue().startswith(b"\x89PNG")
        assert other.get(one["picture"]).status_code == 404
    assert "is left out" not in log.read_text()


def test_a_killed_workers_evaluation_is_judged_again(
    world: Competition, cast: Cast, tmp_path: Path, settings: Settings
) -> None:
    client, log = client_of(cast.student), tmp_path / "worker.log"
    public_id = _submit(client, SLOW_MODEL)
    with process(WORKER, log=log, **_worker(settings)) as worker:
        wait_for(
            lambda: "loading" in str(_show(client, public_id)["practice_log"]), seconds=60, log=log
        )
        kill_group(worker)
    assert _show(client, public_id)["status"] == "running"
    # Its lease is all that stands between it and the next worker; we don't wait half a minute.
    Evaluation.objects.update(lease_until=timezone.now() - LEASE)
    with process(WORKER, log=log, **_worker(settings)):
        wait_for(lambda: _ended(client, public_id), seconds=90, log=log)
    shown = _show(client, public_id)
    assert (shown["verdict"], shown["attempt"]) == ("scored", 2)


def test_a_running_evaluation_is_stopped_when_asked(
    world: Competition, cast: Cast, tmp_path: Path, settings: Settings
) -> None:
    client, log = client_of(cast.student), tmp_path / "worker.log"
    public_id = _submit(client, SLEEPS)
    with process(WORKER, log=log, **_worker(settings)):
        wait_for(lambda: _show(client, public_id)["stage"] == "practice", seconds=60, log=log)
        client.post(f"/api/v1/submissions/{public_id}/cancel")
        wait_for(lambda: _ended(client, public_id), seconds=10, log=log)
        after = _submit(client, MODEL)
        wait_for(lambda: _ended(client, after), seconds=60, log=log)
    shown = _show(client, public_id)
    assert (shown["status"], shown["verdict"]) == ("cancelled", "cancelled")
    assert _show(client, after)["verdict"] == "scored"


def test_losing_every_message_loses_nothing(
    world: Competition, cast: Cast, tmp_path: Path, settings: Settings
) -> None:
    client, log = client_of(cast.student), tmp_path / "worker.log"
    first = _submit(client, MODEL)
    _messages_lose(settings)
    with process(WORKER, log=log, **_worker(settings)):
        wait_for(lambda: _ended(client, first), seconds=60, log=log)
        second = _submit(client, MODEL)
        _messages_lose(settings)
        wait_for(lambda: _ended(client, second), seconds=60, log=log)
    assert _show(client, second)["verdict"] == "scored"


def test_a_task_that_changed_is_the_tasks_fault(
    world: Competition, cast: Cast, tmp_path: Path, settings: Settings
) -> None:
    client, log = client_of(cast.student), tmp_path / "worker.log"
    public_id = _submit(client, MODEL)
    recipe = settings.TASKS_DIR / "halves" / "prepare.py"
    recipe.write_text(recipe.read_text() + "\n# changed\n")
    with process(WORKER, log=log, **_worker(settings)):
        wait_for(lambda: _ended(client, public_id), seconds=60, log=log)
    shown = _show(client, public_id)
    assert (shown["status"], shown["verdict"]) == ("error", None)
    assert "nothing was charged" in str(shown["message"])
    told = _show(client_of(cast.instructor), public_id)["error"]
    assert "halves" in str(told)


def test_a_worker_that_is_told_to_stop_finishes_first(
    world: Competition, cast: Cast, tmp_path: Path, settings: Settings
) -> None:
    client, log = client_of(cast.student), tmp_path / "worker.log"
    public_id = _submit(client, SLOW_MODEL)
    with process(WORKER, log=log, **_worker(settings)) as worker:
        wait_for(lambda: _show(client, public_id)["status"] == "running", seconds=60, log=log)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=60) == 0
    assert Evaluation.objects.get().status == Status.DONE
