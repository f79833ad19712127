"""Workers as they are started: what they refuse, what they judge, and that one sees them."""

import io
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings
from rest_framework.test import APIClient

from evaluators.devices.slots import FOLDER_VARIABLE
from server.competitions.models import Competition
from server.leaderboards.gpus import DEVICES_VARIABLE, worker_devices
from server.leaderboards.management.commands.worker import Command
from server.leaderboards.presence import HOST
from server.submissions.models import Evaluation, Worker
from server.submissions.selectors import SILENCE, workers_online
from server.submissions.services import worker_trouble
from tests.evaluators.devices.conftest import (
    OTHER,
    SLICE,
    WHOLE,
    FakeDriver,
    library_environment,
)
from tests.server.cast import Cast, client_of
from tests.server.gpu_machine import CAPABILITIES_VARIABLE, DEV_VARIABLE
from tests.server.judging import submit
from tests.server.leaderboards.living import (
    GPU,
    competition_live,
    ended,
    post,
    show,
    worker_environment,
)
from tests.server.processes import kill_group, process, wait_for
from tests.server.submissions.gpu import online
from tests.server.tiny_task import MODEL, SLOW_MODEL

TELLING_MODEL = SLOW_MODEL.replace(
    "class Model:",
    'import os\n\nprint(os.environ["CUDA_VISIBLE_DEVICES"], flush=True)\n\nclass Model:',
)
LIVE = [pytest.mark.e2e, pytest.mark.sandbox, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _no_devices(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv(DEVICES_VARIABLE, raising=False)
    worker_devices.cache_clear()
    yield
    worker_devices.cache_clear()


@pytest.fixture
def machine(libraries: Path, nvidia: FakeDriver, locks: Path) -> Iterator[dict[str, str]]:
    """What the environment of a process on a machine with GPUs has besides."""
    with tempfile.TemporaryDirectory() as folder:
        # Sandboxes with a user of their own must reach it, as they reach /dev.
        Path(folder).chmod(0o755)
        dev = shutil.copytree(nvidia.dev, Path(folder) / "dev", symlinks=True)
        whole = library_environment(
            libraries,
            FAKE_NVML=str(nvidia.file),
            **{
                DEV_VARIABLE: str(dev),
                CAPABILITIES_VARIABLE: str(nvidia.capabilities),
                FOLDER_VARIABLE: str(locks),
            },
        )
        # What it shares with this process it gets anyway, but for the database: the tests' own.
        yield {name: value for name, value in whole.items() if os.environ.get(name) != value}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--queue", "gpu"], "--queue gpu needs --devices"),
        (["--queue", "gpu", "--devices", "auto", "--slots", "2"], "--slots is for --queue cpu"),
        (["--devices", "auto"], "--devices is for --queue gpu"),
        (["--slots", "0"], "--slots is 0"),
        (["--slots", "-1"], "--slots is -1"),
        (["--slots", "two"], "invalid int value"),
        (["--queue", "tpu"], "invalid choice: 'tpu'"),
    ],
)
def test_what_does_not_go_together_is_refused(arguments: list[str], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        call_command("worker", *arguments)


@pytest.mark.parametrize(
    ("devices", "said"),
    [
        ("GPU-of-somebody-else", f"it has {WHOLE}"),
        (f"{WHOLE},{WHOLE}", "named twice"),
        (OTHER, f"is in MIG mode: name slices of it, {SLICE}"),
        (" , ", "no device is named"),
    ],
)
def test_devices_that_are_not_there_are_named(devices: str, said: str, nvidia: FakeDriver) -> None:
    with pytest.raises(CommandError, match=said):
        call_command("worker", "--queue", "gpu", "--devices", devices)
    assert DEVICES_VARIABLE not in os.environ


def test_a_machine_without_a_driver_is_told_so(nvidia: FakeDriver) -> None:
    nvidia.tell("driver 9")
    with pytest.raises(CommandError, match="no GPU to judge on"):
        call_command("worker", "--queue", "gpu", "--devices", "auto")


@pytest.mark.django_db
def test_operators_see_workers_and_why_devices_are_drained(cast: Cast) -> None:
    said = io.StringIO()
    call_command("workers", stdout=said)
    assert "No worker is online" in said.getvalue()
    online("host:1", "cpu", slots=4)
    online("host:2", "gpu", slots=2, drained=["Xid 79 (GPU has fallen off the bus)"])
    said = io.StringIO()
    call_command("workers", stdout=said)
    lines = said.getvalue().splitlines()
    assert "host:1  cpu  0 of 4 slots busy" in lines[0]
    assert "host:2  gpu  0 of 1 slots busy" in lines[1]
    assert "GPU-0  Fake GPU, 24576 MB: DRAINED: Xid 79" in lines[2]
    assert lines[3].endswith("GPU-1  Fake GPU, 24576 MB: well")


@pytest.mark.django_db
def test_a_host_is_told_whether_its_own_workers_can_judge() -> None:
    online("host:1", "cpu")
    online(f"{HOST}x:1", "cpu")
    with pytest.raises(CommandError, match="none is online"):
        call_command("workers", "--here")
    online(f"{HOST}:1", "cpu")
    worker_trouble(name=f"{HOST}:1", trouble="no image")
    with pytest.raises(CommandError, match="no image"):
        call_command("workers", "--here")
    worker_trouble(name=f"{HOST}:1", trouble="")
    said = io.StringIO()
    call_command("workers", "--here", stdout=said)
    [line] = said.getvalue().splitlines()
    assert line.startswith(f"{HOST}:1  cpu")


@pytest.mark.django_db
def test_operators_see_who_waits(cast: Cast, competition: Competition) -> None:
    submit(cast.student, competition)
    said = io.StringIO()
    call_command("workers", stdout=said)
    assert "for cpu workers: submissions of 1 teams may start" in said.getvalue()


def _waits_for(client: APIClient, public_id: str) -> object:
    waiting = show(client, public_id)["waiting"]
    assert isinstance(waiting, dict)
    return waiting["code"]


def _drained() -> dict[str, str]:
    """Why a device is drained, by its uuid, as the list of workers has it."""
    devices = [device for worker in Worker.objects.all() for device in worker.devices]
    return {device["uuid"]: device["drained"] for device in devices}


class TestLive:
    pytestmark = LIVE

    def test_a_gpu_worker_judges_what_no_cpu_worker_may(
        self, cast: Cast, tmp_path: Path, settings: Settings, machine: dict[str, str]
    ) -> None:
        competition_live(cast.course, tmp_path, settings, resources=GPU)
        client, log = client_of(cast.student), tmp_path / "worker.log"
        public_id = post(client, MODEL)
        assert _waits_for(client, public_id) == "no_gpu_worker"
        ours = worker_environment(settings)
        arguments = ["tests.server.gpu_machine", "worker", "--queue", "gpu", "--devices", "auto"]
        with process(arguments, log=log, **{**machine, **ours}):
            wait_for(lambda: ended(client, public_id), seconds=90, log=log)
            [worker] = workers_online(at=timezone.now())
        shown = show(client, public_id)
        assert (shown["verdict"], shown["judged_on_cpu"]) == ("scored", False)
        evaluation = Evaluation.objects.get()
        assert evaluation.provenance["device"] in [one["uuid"] for one in worker.devices]
        assert (worker.queue, worker.slots, worker.slots_well) == ("gpu", 3, 3)
        assert evaluation.worker.startswith(f"{worker.name}/")

    def test_what_a_broken_gpu_spoils_is_judged_on_another(
        self,
        cast: Cast,
        tmp_path: Path,
        settings: Settings,
        machine: dict[str, str],
        nvidia: FakeDriver,
    ) -> None:
        nvidia.tell("driver 0", f"gpu {WHOLE} 0 24576 0 0 0", f"gpu {OTHER} 1 24576 0 0 0")
        competition_live(cast.course, tmp_path, settings, resources=GPU)
        client, log = client_of(cast.student), tmp_path / "worker.log"
        public_id = post(client, TELLING_MODEL)
        ours = worker_environment(settings)
        arguments = ["tests.server.gpu_machine", "worker", "--queue", "gpu", "--devices", "auto"]
        with process([*arguments, "--beat"], log=log, **{**machine, **ours}):
            wait_for(
                lambda: "loading" in str(show(client, public_id)["practice_log"]),
                seconds=60,
                log=log,
            )
            # Either of the worker's two processes may have come first, with either device.
            whole = WHOLE in str(show(client, public_id)["practice_log"])
            broken, other = (WHOLE, OTHER) if whole else (OTHER, WHOLE)
            nvidia.add(f"event {0 if whole else 1} 48 -1 -1")
            wait_for(lambda: ended(client, public_id), seconds=90, log=log)
            # Tried again in the sandbox, where no library of the driver's is in reach.
            wait_for(lambda: "tried again" in _drained().get(broken, ""), seconds=60, log=log)
            assert _drained()[other] == ""
        shown = show(client, public_id)
        assert (shown["verdict"], shown["attempt"]) == ("scored", 2)
        assert Evaluation.objects.get().provenance["device"] == other

    def test_a_cpu_worker_stands_in_where_the_course_allows_it(
        self, cast: Cast, tmp_path: Path, settings: Settings
    ) -> None:
        competition_live(cast.course, tmp_path, settings, resources=GPU)
        client, log = client_of(cast.student), tmp_path / "worker.log"
        public_id = post(client, MODEL)
        ours = worker_environment(settings)
        with process(["manage", "worker", "--beat"], log=log, **ours):
            wait_for(lambda: Worker.objects.exists(), seconds=60, log=log)
            assert _waits_for(client, public_id) == "no_gpu_worker"
            cast.course.cpu_fallback = True
            cast.course.save()
            wait_for(lambda: ended(client, public_id), seconds=60, log=log)
        shown = show(client, public_id)
        assert (shown["verdict"], shown["judged_on_cpu"]) == ("scored", True)

    def test_a_worker_is_listed_until_it_ends_or_falls_silent(
        self, cast: Cast, tmp_path: Path, settings: Settings
    ) -> None:
        log, ours = tmp_path / "worker.log", worker_environment(settings)
        with process(["manage", "worker", "--slots", "2"], log=log, **ours) as first:
            wait_for(lambda: Worker.objects.exists(), seconds=60, log=log)
            assert [worker.slots for worker in Worker.objects.all()] == [2]
            first.terminate()
            assert first.wait(timeout=60) == 0
        assert not Worker.objects.exists()
        with process(["manage", "worker"], log=log, **ours) as second:
            wait_for(lambda: Worker.objects.exists(), seconds=60, log=log)
            kill_group(second)
        # It had no time to take itself off the list.
        seen = Worker.objects.get().seen_at
        assert not workers_online(at=seen + SILENCE).exists()


def test_it_says_at_once_why_it_can_not_judge(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings.SANDBOX = "docker"
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/nothing.sock")
    monkeypatch.setenv("SPRINGBOARD_IMAGE", "springboard-runtime:none")
    said, complained = io.StringIO(), io.StringIO()
    Command(stdout=said, stderr=complained)._look("cpu")
    assert said.getvalue() == ""
    assert "waits until it can: no Docker engine answers" in complained.getvalue()


@pytest.mark.sandbox
def test_it_says_at_once_where_it_judges(settings: Settings) -> None:
    settings.SANDBOX = "bubblewrap"
    said, complained = io.StringIO(), io.StringIO()
    Command(stdout=said, stderr=complained)._look("cpu")
    assert said.getvalue().startswith("Judges in bubblewrap with the runtime ")
    assert complained.getvalue() == ""
