"""What the doctor says of GPUs and workers."""

from pathlib import Path

import pytest

from evaluators.devices.nvml import machine_examine
from evaluators.devices.slots import device_hold
from evaluators.errors import InfrastructureError
from server.leaderboards import checkup
from server.leaderboards.checkup import gpus_examine, workers_examine
from tests.evaluators.devices.conftest import OTHER, WHOLE, FakeDriver
from tests.evaluators.devices.probed import ProbedSandbox
from tests.server.submissions.gpu import online


@pytest.fixture
def box(
    nvidia: FakeDriver, locks: Path, libraries: Path, monkeypatch: pytest.MonkeyPatch
) -> ProbedSandbox:
    """A machine with one GPU, which programs in a sandbox can use."""
    nvidia.tell(f"gpu {WHOLE} 0 24576 0 0 0", "driver 0")
    box = ProbedSandbox(libraries)
    monkeypatch.setattr(checkup, "gpu_sandbox", lambda: box)
    return box


def test_a_gpu_that_works_is_used_once(box: ProbedSandbox) -> None:
    [finding] = gpus_examine()
    assert finding.ok
    assert finding.detail.startswith(f"{WHOLE}, ")
    assert "could use it" in finding.detail
    assert box.probes == 1


def test_one_that_does_not_is_told(box: ProbedSandbox) -> None:
    box.behaviour["FAKE_CUDA_INIT"] = "802"
    [finding] = gpus_examine()
    assert (finding.ok, finding.needed) == (False, False)
    assert "CUDA_ERROR_SYSTEM_NOT_READY" in finding.detail


def test_what_a_worker_holds_is_left_alone(box: ProbedSandbox) -> None:
    held = device_hold(machine_examine().usable[0])
    assert held is not None
    [finding] = gpus_examine()
    assert finding.ok and "a worker uses it" in finding.detail
    held.drain("Xid 48")
    held.release()
    [finding] = gpus_examine()
    assert not finding.ok and "drained, Xid 48" in finding.detail
    assert box.probes == 0


def test_a_machine_without_gpus_is_well(nvidia: FakeDriver) -> None:
    nvidia.tell("driver 9")
    [finding] = gpus_examine()
    assert finding.ok and "none, only CPU tasks" in finding.detail


def test_a_sandbox_that_can_not_show_them_is_told(
    nvidia: FakeDriver, locks: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nvidia.tell("driver 0", f"gpu {WHOLE} 0 24576 0 0 0", f"gpu {OTHER} 1 24576 0 15 0")

    def refuse() -> None:
        raise InfrastructureError("the engine is not there")

    monkeypatch.setattr(checkup, "gpu_sandbox", refuse)
    broken, refused = gpus_examine()
    assert "not all can be used: GPU 1" in broken.detail
    assert (refused.ok, refused.detail) == (False, "the engine is not there")


@pytest.mark.django_db
def test_workers_are_counted() -> None:
    assert "none is online" in workers_examine().detail
    online("host:1", "cpu", slots=4)
    online("host:2", "gpu", slots=2)
    finding = workers_examine()
    assert finding.ok
    assert finding.detail == (
        "online: 1 for CPU tasks with 4 slots, 1 for GPU tasks with 2 devices"
    )
    online("host:2", "gpu", slots=2, drained=["Xid 48"])
    finding = workers_examine()
    assert not finding.ok and "1 devices; 1 more are out of order" in finding.detail
