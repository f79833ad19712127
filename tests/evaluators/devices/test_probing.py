"""The probe: what it finds, and when a device is tried again."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

import pytest

from evaluators.devices.drained import Drained
from evaluators.devices.probing import PROBE, device_probe
from evaluators.devices.recovery import devices_recover
from evaluators.devices.slots import device_hold, device_take, devices_drained
from evaluators.runner.frames import Kind, write_frame
from evaluators.sandbox.fake import FakeSandbox
from tests.evaluators.devices.conftest import OTHER, FakeDriver, device
from tests.evaluators.devices.probed import ProbedSandbox


def test_a_working_device_passes(nvidia: FakeDriver, libraries: Path) -> None:
    assert device_probe(device(), ProbedSandbox(libraries)) is None


@pytest.mark.parametrize(
    ("behaviour", "trouble"),
    [
        ({"FAKE_CUDA_COUNT": "0"}, "0 devices are visible, not one"),
        ({"FAKE_CUDA_COUNT": "2"}, "2 devices are visible, not one"),
        ({"FAKE_CUDA_INIT": "802"}, "cuInit fails: CUDA_ERROR_SYSTEM_NOT_READY"),
        ({"FAKE_CUDA_INIT": "12345"}, "cuInit fails: 12345"),
        ({"FAKE_CUDA_ROTTEN": "1"}, "its memory does not hold what was copied to it"),
    ],
)
def test_what_is_wrong_is_told(
    nvidia: FakeDriver, libraries: Path, behaviour: dict[str, str], trouble: str
) -> None:
    assert device_probe(device(), ProbedSandbox(libraries, **behaviour)) == trouble


def test_another_device_than_the_own_is_noticed(nvidia: FakeDriver, libraries: Path) -> None:
    trouble = device_probe(device(), ProbedSandbox(libraries, seen=OTHER))
    assert trouble == f"another device is visible: {OTHER.removeprefix('GPU-')}"


def test_a_missing_library_is_told(nvidia: FakeDriver, tmp_path: Path) -> None:
    assert "can't be loaded: libcuda.so.1" in str(device_probe(device(), ProbedSandbox(tmp_path)))


def test_a_probe_that_dies_is_trouble(nvidia: FakeDriver, libraries: Path) -> None:
    sandbox = ProbedSandbox(libraries, PYTHONHOME="/nowhere")
    assert "the probe did not answer" in str(device_probe(device(), sandbox))


def test_a_sandbox_that_answers_nonsense_is_trouble(nvidia: FakeDriver) -> None:
    def nonsense(stdin: BinaryIO, stdout: BinaryIO, stderr: BinaryIO) -> None:
        write_frame(stdout, Kind.READY, b"{}")

    assert "the probe did not run" in str(device_probe(device(), FakeSandbox({PROBE: nonsense})))


def test_the_driver_is_asked_before_a_program_is_run(nvidia: FakeDriver, libraries: Path) -> None:
    nvidia.tell("driver 9")
    sandbox = ProbedSandbox(libraries)
    assert "Driver Not Loaded" in str(device_probe(device(), sandbox))
    nvidia.tell("driver 0", f"gpu {device().uuid} 0 1 -1 0 1")
    assert device_probe(device(), sandbox) == "the driver asks for a reset of the GPU"
    assert sandbox.probes == 0


def drain(reason: str = "Xid 95 (uncontained memory error)", **more: str) -> None:
    held = device_hold(device())
    assert held is not None
    held.remember(Drained(since="2030-01-01T00:00:00+00:00", reason=reason, xids=(95,), **more))
    held.release()


def ago(seconds: float) -> str:
    return (datetime.now(UTC) - timedelta(seconds=seconds)).isoformat()


def test_a_device_that_works_again_comes_back(
    nvidia: FakeDriver, libraries: Path, locks: Path
) -> None:
    drain()
    assert device_take([device()]) is None
    assert devices_recover([device()], ProbedSandbox(libraries)) == (device(),)
    held = device_take([device()])
    assert held is not None
    held.release()


def test_a_device_that_is_still_broken_stays_out(
    nvidia: FakeDriver, libraries: Path, locks: Path
) -> None:
    drain()
    assert devices_recover([device()], ProbedSandbox(libraries, FAKE_CUDA_COUNT="0")) == ()
    state = devices_drained([device()])[device()]
    assert state.reason == "Xid 95 (uncontained memory error)"
    assert (state.xids, state.trouble) == ((95,), "0 devices are visible, not one")
    assert datetime.now(UTC) - datetime.fromisoformat(state.probed) < timedelta(minutes=5)


@pytest.mark.parametrize(
    ("probed", "probes"),
    # A number is of seconds ago, when the test runs.
    [("", 1), (30, 0), (90, 1), (-3600, 1), ("yesterday", 1)],
)
def test_it_is_not_tried_too_often(
    nvidia: FakeDriver, libraries: Path, locks: Path, probed: str | int, probes: int
) -> None:
    drain(probed=ago(probed) if isinstance(probed, int) else probed)
    sandbox = ProbedSandbox(libraries)
    devices_recover([device()], sandbox)
    assert sandbox.probes == probes


def test_what_somebody_holds_is_not_probed(
    nvidia: FakeDriver, libraries: Path, locks: Path
) -> None:
    drain()
    held = device_hold(device())
    assert held is not None
    sandbox = ProbedSandbox(libraries)
    assert devices_recover([device()], sandbox) == ()
    assert sandbox.probes == 0
    held.release()


def test_devices_in_service_are_left_alone(
    nvidia: FakeDriver, libraries: Path, locks: Path
) -> None:
    sandbox = ProbedSandbox(libraries)
    assert devices_recover([device()], sandbox) == ()
    assert sandbox.probes == 0
