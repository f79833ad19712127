"""The real worker, broker, database and sandbox together, on a task that the test writes."""

import signal
from contextlib import suppress
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from server.celery import app
from server.competitions.models import Competition
from server.submissions.models import Evaluation, Status, Worker
from server.submissions.services import LEASE, evaluation_claim
from tests.server.cast import Cast, client_of
from tests.server.leaderboards.living import (
    competition_live,
    ended,
    post,
    show,
    worker_environment,
)
from tests.server.processes import kill_group, process, wait_for
from tests.server.tiny_task import MODEL, SLOW_MODEL

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.sandbox,
    pytest.mark.django_db(transaction=True),
]

WORKER = ["manage", "worker", "--beat"]
CRASH = MODEL.replace('print("loading")', "import os; os._exit(3)")
SLEEPS = MODEL.replace('print("loading")', "import time; time.sleep(600)")


@pytest.fixture
def world(cast: Cast, tmp_path: Path, settings: Settings) -> Competition:
    return competition_live(cast.course, tmp_path, settings)


def _messages_lose() -> None:
    with app.connection_for_write() as broker:
        broker.default_channel.queue_purge("cpu")


def test_models_are_judged_and_stand_on_the_board(
    world: Competition, cast: Cast, tmp_path: Path, settings: Settings
) -> None:
    client, other = client_of(cast.student), client_of(cast.classmate)
    good, crash, nothing = (post(client, model) for model in (MODEL, CRASH, ""))
    rival = post(other, MODEL.replace("0.9, 0.1", "0.7, 0.3"))
    log = tmp_path / "worker.log"
    with process(WORKER, log=log, **worker_environment(settings)):
        wait_for(
            lambda: ended(client, good, crash, nothing) and ended(other, rival),
            seconds=120,
            log=log,
        )
    shown = show(client, good)
    assert (shown["verdict"], shown["message"]) == ("scored", None)
    assert "loading" in str(shown["practice_log"])
    assert show(client, crash)["verdict"] == "runtime_error"
    assert show(client, nothing)["verdict"] == "load_error"
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
    public_id = post(client, SLOW_MODEL)
    with process(WORKER, log=log, **worker_environment(settings)) as worker:
        wait_for(
            lambda: "loading" in str(show(client, public_id)["practice_log"]), seconds=60, log=log
        )
        kill_group(worker)
    assert show(client, public_id)["status"] == "running"
    # Its lease is all that stands between it and the next worker; we don't wait half a minute.
    Evaluation.objects.update(lease_until=timezone.now() - LEASE)
    with process(WORKER, log=log, **worker_environment(settings)):
        wait_for(lambda: ended(client, public_id), seconds=90, log=log)
    shown = show(client, public_id)
    assert (shown["verdict"], shown["attempt"]) == ("scored", 2)


def test_a_running_evaluation_is_stopped_when_asked(
    world: Competition, cast: Cast, tmp_path: Path, settings: Settings
) -> None:
    client, log = client_of(cast.student), tmp_path / "worker.log"
    public_id = post(client, SLEEPS)
    with process(WORKER, log=log, **worker_environment(settings)):
        wait_for(lambda: show(client, public_id)["stage"] == "practice", seconds=60, log=log)
        client.post(f"/api/v1/submissions/{public_id}/cancel")
        wait_for(lambda: ended(client, public_id), seconds=10, log=log)
        after = post(client, MODEL)
        wait_for(lambda: ended(client, after), seconds=60, log=log)
    shown = show(client, public_id)
    assert (shown["status"], shown["verdict"]) == ("cancelled", "cancelled")
    assert show(client, after)["verdict"] == "scored"


def test_losing_every_message_loses_nothing(
    world: Competition, cast: Cast, tmp_path: Path, settings: Settings
) -> None:
    client, log = client_of(cast.student), tmp_path / "worker.log"
    first = post(client, MODEL)
    _messages_lose()
    with process(WORKER, log=log, **worker_environment(settings)):
        wait_for(lambda: ended(client, first), seconds=60, log=log)
        second = post(client, MODEL)
        _messages_lose()
        wait_for(lambda: ended(client, second), seconds=60, log=log)
    assert show(client, second)["verdict"] == "scored"


def test_a_machine_whose_task_was_changed_leaves_it_to_others(
    world: Competition, cast: Cast, tmp_path: Path, settings: Settings
) -> None:
    client, log = client_of(cast.student), tmp_path / "worker.log"
    public_id = post(client, MODEL)
    recipe = settings.TASKS_DIR / "halves" / "prepare.py"
    recipe.write_text(recipe.read_text() + "\n# changed\n")
    with process(WORKER, log=log, **worker_environment(settings)):
        wait_for(lambda: Evaluation.objects.get().failures == 1, seconds=60, log=log)
    shown = show(client, public_id)
    assert (shown["status"], shown["verdict"]) == ("queued", None)
    assert "halves" in Evaluation.objects.get().error


def test_a_worker_that_is_told_to_stop_finishes_first(
    world: Competition, cast: Cast, tmp_path: Path, settings: Settings
) -> None:
    client, log = client_of(cast.student), tmp_path / "worker.log"
    public_id = post(client, SLOW_MODEL)
    with process(WORKER, log=log, **worker_environment(settings)) as worker:
        wait_for(lambda: show(client, public_id)["status"] == "running", seconds=60, log=log)
        worker.send_signal(signal.SIGTERM)
        # It takes nothing more, so it is not online while it finishes.
        wait_for(lambda: not Worker.objects.exists(), seconds=10, log=log)
        assert Evaluation.objects.get().is_active
        assert worker.wait(timeout=60) == 0
    assert Evaluation.objects.get().status == Status.DONE


@pytest.mark.parametrize("signals", [[signal.SIGTERM, signal.SIGTERM], [signal.SIGQUIT]])
def test_a_worker_that_is_told_to_stop_at_once_gives_back_what_it_judges(
    signals: list[signal.Signals],
    world: Competition,
    cast: Cast,
    tmp_path: Path,
    settings: Settings,
) -> None:
    client, log = client_of(cast.student), tmp_path / "worker.log"
    public_id = post(client, SLEEPS)
    with process(WORKER, log=log, **worker_environment(settings)) as worker:
        wait_for(lambda: show(client, public_id)["stage"] == "practice", seconds=60, log=log)
        for number in signals:
            worker.send_signal(number)
            wait_for(lambda: not Worker.objects.exists(), seconds=10, log=log)
        assert worker.wait(timeout=30) == 0
    row = Evaluation.objects.get()
    assert (row.status, row.attempt, row.failures) == (Status.QUEUED, 1, 0)
    assert (row.lease_until, row.started_at) == (None, None)


def test_a_stop_that_takes_longer_than_its_grace_gives_back_what_is_judged(
    world: Competition, cast: Cast, tmp_path: Path, settings: Settings
) -> None:
    client, log = client_of(cast.student), tmp_path / "worker.log"
    public_id = post(client, SLEEPS)
    ours = worker_environment(settings) | {"SPRINGBOARD_STOP_SECONDS": "1"}
    with process(WORKER, log=log, **ours) as worker:
        wait_for(lambda: show(client, public_id)["stage"] == "practice", seconds=60, log=log)
        worker.terminate()
        assert worker.wait(timeout=30) == 0
    assert show(client, public_id)["status"] == "queued"


def test_a_worker_whose_slots_all_judge_still_sweeps(
    world: Competition, cast: Cast, tmp_path: Path, settings: Settings
) -> None:
    client, other, log = client_of(cast.student), client_of(cast.classmate), tmp_path / "worker.log"
    lost = post(other, MODEL)
    claim = evaluation_claim(queue="cpu", worker="dead:1/1")
    assert claim is not None
    busy = post(client, SLEEPS)
    with process(["manage", "worker"], log=log, **worker_environment(settings)):
        wait_for(lambda: show(client, busy)["stage"] == "practice", seconds=60, log=log)
        Evaluation.objects.filter(pk=claim.evaluation_id).update(lease_until=timezone.now() - LEASE)
        wait_for(lambda: show(other, lost)["status"] == "queued", seconds=20, log=log)
        assert show(client, busy)["status"] == "running"


def test_nothing_is_left_of_a_worker_whose_main_process_was_killed(
    world: Competition, cast: Cast, tmp_path: Path, settings: Settings
) -> None:
    log = tmp_path / "worker.log"
    with process(WORKER, log=log, **worker_environment(settings)) as worker:
        wait_for(lambda: Worker.objects.exists(), seconds=60, log=log)
        worker.kill()
        worker.wait()
        wait_for(lambda: not _group(worker.pid), seconds=20, log=log)


def _group(number: int) -> list[str]:
    """The processes of a group, that have not ended."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            # After the name, which may hold anything: state, parent, group.
            state, _, group = stat.read_text().rpartition(")")[2].split()[:3]
            if int(group) == number and state != "Z":
                found.append(stat.parent.name)
    return found
