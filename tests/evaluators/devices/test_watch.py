"""Errors of a device while it is watched: whose fault they are."""

import pytest

from evaluators.devices import watch as watching
from evaluators.devices.watch import DeviceWatch
from evaluators.devices.xids import HARDWARE, hardware_fault
from tests.evaluators.devices.conftest import SECOND_SLICE, SLICE, WHOLE, FakeDriver

# Errors that code of a submission can cause, and one that nobody knows.
APPLICATION = (13, 31, 43, 45, 69, 109, 9999)


def watched(nvidia: FakeDriver, uuid: str, *facts: str) -> DeviceWatch:
    with DeviceWatch(uuid) as watch:
        assert watch.fault() is None
        nvidia.add(*facts)
    return watch


def test_a_quiet_device_is_well(nvidia: FakeDriver) -> None:
    watch = watched(nvidia, WHOLE)
    assert (watch.xids, watch.fault(), watch.unwell()) == ((), None, None)


@pytest.mark.parametrize("xid", APPLICATION)
def test_what_programs_can_cause_is_not_the_devices_fault(nvidia: FakeDriver, xid: int) -> None:
    watch = watched(nvidia, WHOLE, f"event 0 {xid} -1 -1")
    assert (watch.xids, watch.fault(), watch.unwell()) == ((xid,), None, None)


@pytest.mark.parametrize("xid", sorted(HARDWARE))
def test_hardware_errors_are_the_devices_fault(nvidia: FakeDriver, xid: int) -> None:
    watch = watched(nvidia, WHOLE, f"event 0 {xid} -1 -1")
    assert watch.fault() == watch.unwell() == f"Xid {xid} ({HARDWARE[xid]})"


def test_a_hardware_error_among_others_is_found(nvidia: FakeDriver) -> None:
    watch = watched(nvidia, WHOLE, *(f"event 0 {xid} -1 -1" for xid in (31, 48, 45, 48, 43)))
    assert watch.xids == (31, 48, 45, 48, 43)
    assert watch.fault() == "Xid 48 (double-bit ECC error)"


def test_what_came_before_is_not_counted(nvidia: FakeDriver) -> None:
    nvidia.add("event 0 79 -1 -1")
    assert watched(nvidia, WHOLE, "event 0 31 -1 -1").xids == (31,)


def test_errors_of_another_gpu_are_not_ours(nvidia: FakeDriver) -> None:
    assert watched(nvidia, WHOLE, "event 1 79 -1 -1").xids == ()


def test_a_slice_answers_for_itself_and_for_the_whole_gpu(nvidia: FakeDriver) -> None:
    facts = ("event 1 94 9 0", "event 1 31 -1 -1", "event 1 43 11 0")
    assert watched(nvidia, SLICE, *facts).xids == (94, 31)
    watch = watched(nvidia, SECOND_SLICE, "event 1 94 9 0", "event 1 43 11 0")
    assert (watch.xids, watch.fault()) == ((43,), None)
    assert watched(nvidia, SECOND_SLICE, "event 1 79 -1 -1").fault() is not None


def test_a_device_that_is_lost_is_to_blame(nvidia: FakeDriver) -> None:
    with DeviceWatch(WHOLE) as watch:
        nvidia.add("event 0 31 -1 -1")
        nvidia.change(f"gpu {WHOLE} 0 24576 -1 0", f"gpu {WHOLE} 0 24576 -1 15")
    assert watch.fault() == watch.unwell() == "NVIDIA's driver says: GPU is lost"


def test_a_device_whose_uuid_is_gone_is_to_blame(nvidia: FakeDriver) -> None:
    with DeviceWatch(WHOLE) as watch:
        nvidia.change(WHOLE, "GPU-renamed")
    assert watch.fault() == "NVIDIA's driver says: Not Found"


def test_a_device_that_was_never_there_is_known_at_once(nvidia: FakeDriver) -> None:
    with DeviceWatch("GPU-none") as watch:
        assert watch.fault() == "NVIDIA's driver says: Not Found"


def test_a_driver_that_is_gone_is_known_at_once(nvidia: FakeDriver) -> None:
    nvidia.tell("driver 18")
    with DeviceWatch(WHOLE) as watch:
        assert "version mismatch" in str(watch.fault())


def test_a_driver_that_hangs_does_not_hang_us(
    nvidia: FakeDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "STUCK_SECONDS", 0.5)
    with DeviceWatch(WHOLE) as watch:
        nvidia.add("stuck")
    assert watch.fault() == "the driver does not answer"
    nvidia.healthy()  # lets the thread end


def test_a_driver_that_can_not_tell_errors_is_asked_in_the_end(nvidia: FakeDriver) -> None:
    nvidia.add("quiet")
    watch = watched(nvidia, WHOLE, "event 0 79 -1 -1")
    assert (watch.xids, watch.fault(), watch.unwell()) == ((), None, None)


@pytest.mark.parametrize(
    ("action", "words"),
    [(1, "a reset of the GPU"), (2, "a reboot"), (6, "the GPU's bus"), (7, "the system")],
)
def test_a_driver_that_asks_for_a_reset_makes_it_unwell(
    nvidia: FakeDriver, action: int, words: str
) -> None:
    with DeviceWatch(WHOLE) as watch:
        nvidia.change(f"gpu {WHOLE} 0 24576 -1 0 0", f"gpu {WHOLE} 0 24576 -1 0 {action}")
    assert watch.fault() is None
    assert words in str(watch.unwell())


@pytest.mark.parametrize("action", [3, 4, 5, 99])
def test_other_advice_of_the_driver_leaves_it_in_service(nvidia: FakeDriver, action: int) -> None:
    with DeviceWatch(WHOLE) as watch:
        nvidia.change(f"gpu {WHOLE} 0 24576 -1 0 0", f"gpu {WHOLE} 0 24576 -1 0 {action}")
    assert watch.unwell() is None


def test_a_fault_is_told_with_each_error_once() -> None:
    assert hardware_fault([94, 31, 79, 94]) == (
        "Xid 79 (GPU has fallen off the bus), Xid 94 (contained memory error)"
    )
