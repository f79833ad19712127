"""A GPU worker: a device of its own for each job, and whose fault it is when one breaks.

NVIDIA's own binding is asked, with a library in the place of the driver's; what is judged is given
by the test.
"""

import functools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import OperationalError
from django.utils import timezone
from pytest_django import Settings

from evaluators.devices.device import Device
from evaluators.devices.slots import device_hold
from evaluators.errors import InfrastructureError
from evaluators.report import EvaluationReport, Stage
from server.competitions.models import Competition
from server.leaderboards import gpus, jobs, lease, sweeping, worker
from server.leaderboards.gpus import (
    DEVICES_VARIABLE,
    devices_state,
    gpu_sandbox,
    worker_devices,
)
from server.leaderboards.jobs import evaluate_next, mend, sweep
from server.leaderboards.worker import Worked, evaluation_work
from server.submissions.models import Status
from tests.evaluators.devices.conftest import OTHER, SECOND_SLICE, SLICE, WHOLE, FakeDriver
from tests.evaluators.devices.probed import ProbedSandbox
from tests.server.cast import Cast
from tests.server.judging import evaluation_of, report_failed, report_scored, submit
from tests.server.submissions.gpu import on_gpu, online

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("prepared_files")]

Judge = Callable[..., EvaluationReport]
XID_48 = "event 0 48 -1 -1"
XID_31 = "event 0 31 -1 -1"


@pytest.fixture(autouse=True)
def box(
    nvidia: FakeDriver, locks: Path, libraries: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[ProbedSandbox]:
    """A worker that owns one GPU, whose probes answer that it is well."""
    box = ProbedSandbox(libraries)
    monkeypatch.setenv(DEVICES_VARIABLE, WHOLE)
    monkeypatch.setattr(worker, "device_sandbox", functools.cache(lambda: box))
    monkeypatch.setattr(jobs, "device_sandbox", lambda: box)
    monkeypatch.setattr(lease, "LOOK_SECONDS", 0.05)
    worker_devices.cache_clear()
    yield box
    worker_devices.cache_clear()


@pytest.fixture
def judging(monkeypatch: pytest.MonkeyPatch) -> Callable[[Judge], None]:
    return lambda judge: monkeypatch.setattr(worker, "evaluate", judge)


def _drain() -> None:
    held = device_hold(worker_devices()[0])
    assert held is not None
    held.drain("Xid 79", (79,))
    held.release()


@pytest.fixture
def select(monkeypatch: pytest.MonkeyPatch, box: ProbedSandbox) -> None:
    """An engine whose stronger runtime is runsc."""

    def sandbox_select(name: str) -> ProbedSandbox:
        box.name = "docker+runsc" if name == "docker" else name
        return box

    monkeypatch.setattr(gpus, "sandbox_select", sandbox_select)


@pytest.fixture
def gpu_task(competition: Competition, prepared_files: None) -> Competition:
    return on_gpu(competition)


def test_each_job_gets_a_device_that_nobody_else_has(
    cast: Cast,
    gpu_task: Competition,
    judging: Callable[[Judge], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(DEVICES_VARIABLE, f"{WHOLE},{SLICE},{SECOND_SLICE}")
    used: list[str] = []

    def judge(*, device: Device, **_: object) -> EvaluationReport:
        used.append(device.uuid)
        if len(used) < 3:
            # Another process of the worker takes the next one meanwhile.
            assert evaluation_work(queue="gpu") is Worked.FINISHED
        return report_scored(0.5)

    judging(judge)
    for person in (cast.student, cast.classmate, cast.assistant):
        submit(person, gpu_task)
    assert evaluation_work(queue="gpu") is Worked.FINISHED
    assert used == [WHOLE, SLICE, SECOND_SLICE]
    assert evaluation_work(queue="gpu") is Worked.NOTHING_WAITS


def test_a_worker_without_devices_takes_nothing(
    cast: Cast,
    gpu_task: Competition,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.delenv(DEVICES_VARIABLE)
    submission = submit(cast.student, gpu_task)
    assert evaluation_work(queue="gpu") is Worked.NOT_READY
    assert "manage.py worker" in caplog.text
    monkeypatch.setenv(DEVICES_VARIABLE, OTHER)
    assert evaluation_work(queue="gpu") is Worked.NOT_READY
    assert "MIG mode" in caplog.text
    assert evaluation_of(submission).attempt == 0


def test_a_worker_whose_devices_are_held_takes_nothing(cast: Cast, gpu_task: Competition) -> None:
    held = device_hold(worker_devices()[0])
    assert held is not None
    submission = submit(cast.student, gpu_task)
    assert evaluation_work(queue="gpu") is Worked.NO_DEVICE
    assert evaluation_of(submission).attempt == 0
    held.release()


def test_a_device_is_given_back_whatever_happens(
    cast: Cast, gpu_task: Competition, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: object) -> None:
        raise OperationalError("the database is gone")

    submit(cast.student, gpu_task)
    for step in ("worker_trouble", "evaluation_claim"):
        with monkeypatch.context() as broken:
            broken.setattr(worker, step, fail)
            assert evaluation_work(queue="gpu") is Worked.NO_DATABASE
        held = device_hold(worker_devices()[0])
        assert held is not None, step
        held.release()


def test_a_device_that_broke_is_drained_and_the_evaluation_judged_elsewhere(
    cast: Cast,
    gpu_task: Competition,
    judging: Callable[[Judge], None],
    nvidia: FakeDriver,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(DEVICES_VARIABLE, f"{WHOLE},{SLICE}")
    used: list[str] = []

    def judge(*, device: Device, **_: object) -> EvaluationReport:
        used.append(device.uuid)
        if device.uuid == WHOLE:
            nvidia.add(XID_48)
        return report_scored(0.5)

    judging(judge)
    submission = submit(cast.student, gpu_task)
    assert evaluation_work(queue="gpu") is Worked.OUR_FAULT
    row = evaluation_of(submission)
    assert (row.status, row.verdict, row.started_at) == (Status.QUEUED, "", None)
    assert "Xid 48" in row.error
    states = {state.uuid: state.drained for state in devices_state()}
    assert "Xid 48" in states[WHOLE]
    assert states[SLICE] == ""
    assert evaluation_work(queue="gpu") is Worked.FINISHED
    assert used == [WHOLE, SLICE]
    assert evaluation_of(submission).verdict == "scored"


def test_what_fails_on_a_device_that_is_well_is_left_to_other_workers(
    cast: Cast, gpu_task: Competition, judging: Callable[[Judge], None]
) -> None:
    def judge(**_: object) -> EvaluationReport:
        raise InfrastructureError("no space left")

    judging(judge)
    submission = submit(cast.student, gpu_task)
    assert evaluation_work(queue="gpu") is Worked.OUR_FAULT
    assert evaluation_work(queue="gpu") is Worked.NOTHING_WAITS
    left_until = evaluation_of(submission).left_until
    assert left_until is not None
    assert left_until > timezone.now()


def test_no_student_drains_a_device(
    cast: Cast, gpu_task: Competition, judging: Callable[[Judge], None], nvidia: FakeDriver
) -> None:
    def judge(**_: object) -> EvaluationReport:
        nvidia.add(XID_31)
        return report_failed("exited", stage=Stage.JUDGED)

    judging(judge)
    submission = submit(cast.student, gpu_task)
    assert evaluation_work(queue="gpu") is Worked.FINISHED
    assert evaluation_of(submission).verdict == "runtime_error"
    assert devices_state()[0].drained == ""


def test_a_drained_worker_takes_nothing_until_its_device_is_well(
    cast: Cast, gpu_task: Competition, judging: Callable[[Judge], None], box: ProbedSandbox
) -> None:
    judging(lambda **_: report_scored(0.5))
    box.behaviour["FAKE_CUDA_COUNT"] = "0"
    _drain()
    submission = submit(cast.student, gpu_task)
    for _ in range(2):
        assert evaluation_work(queue="gpu") is Worked.NO_DEVICE
    assert evaluation_of(submission).attempt == 0
    assert "tried again" in devices_state()[0].drained
    assert box.probes == 1, "it was tried a moment ago"
    box.behaviour["FAKE_CUDA_COUNT"] = "1"
    _drain()
    assert evaluation_work(queue="gpu") is Worked.FINISHED
    assert devices_state()[0].drained == ""


def test_a_drained_device_comes_back_while_nothing_waits(
    box: ProbedSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []
    monkeypatch.setattr(sweeping, "mend_ring", lambda: sent.append("gpu"))
    _drain()
    online("gpu:1", "gpu", drained=["Xid 79"])
    sweep()
    assert sent == ["gpu"]
    mend()
    assert devices_state()[0].drained == ""
    online("gpu:1", "gpu")
    sweep()
    assert sent == ["gpu"]


def test_mending_without_devices_is_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delenv(DEVICES_VARIABLE)
    mend()
    assert "can't be tried again" in caplog.text


def test_a_worker_that_has_no_device_does_not_ring(
    cast: Cast, gpu_task: Competition, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[str] = []
    monkeypatch.setattr("server.leaderboards.jobs.ring", lambda *, queue: rung.append(queue))
    held = device_hold(worker_devices()[0])
    assert held is not None
    submit(cast.student, gpu_task)
    evaluate_next("gpu")
    assert rung == []
    held.release()


def test_judged_on_a_cpu_no_device_is_asked_for(
    cast: Cast,
    gpu_task: Competition,
    judging: Callable[[Judge], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gpu_task = on_gpu(gpu_task, cpu_fallback=True)
    asked: list[object] = []

    def judge(*, device: object, **_: object) -> EvaluationReport:
        asked.append(device)
        return report_scored(0.5)

    judging(judge)
    monkeypatch.setattr(worker, "sandbox", functools.cache(lambda: None))
    submission = submit(cast.student, gpu_task)
    assert evaluation_work(queue="cpu") is Worked.FINISHED
    assert asked == [None]
    assert evaluation_of(submission).judged_on_cpu


@pytest.mark.parametrize(
    ("wanted", "used"),
    [("docker", "docker+runc"), ("docker+runc", "docker+runc"), ("bubblewrap", "bubblewrap")],
)
def test_a_sandbox_that_shows_no_device_is_not_used(
    wanted: str, used: str, select: None, settings: Settings
) -> None:
    settings.SANDBOX = wanted
    assert gpu_sandbox().name == used


def test_one_that_is_asked_for_by_name_is_refused(select: None, settings: Settings) -> None:
    settings.SANDBOX = "docker+runsc"
    with pytest.raises(InfrastructureError, match=r"set SPRINGBOARD_SANDBOX to docker\+runc"):
        gpu_sandbox()
