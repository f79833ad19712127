"""Who holds which device, with real processes."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from evaluators.devices.drained import drained_read
from evaluators.devices.slots import (
    FOLDER_VARIABLE,
    device_hold,
    device_take,
    devices_drained,
    locks_folder,
)
from evaluators.errors import InfrastructureError
from tests.evaluators.devices.conftest import OTHER, SLICE, WHOLE, device

ROOT = Path(__file__).resolve().parents[3]
BOTH = (device(WHOLE), device(SLICE))
TAKES = """
import sys
from evaluators.devices.device import Device
from evaluators.devices.slots import device_take
held = device_take([Device(uuid, "", 0, ()) for uuid in sys.argv[1:]])
print(held.device.uuid if held else "none", flush=True)
sys.stdin.read()
"""

HURRIES = """
import sys
from pathlib import Path
from evaluators.devices.device import Device
from evaluators.devices.slots import device_take
used, uuids, taken = Path(sys.argv[1]), sys.argv[2:], 0
while taken < 40:
    held = device_take([Device(uuid, "", 0, ()) for uuid in uuids])
    if held is None:
        continue
    (used / held.device.uuid).touch(exist_ok=False)  # fails where two hold it
    (used / held.device.uuid).unlink()
    held.release()
    taken += 1
print("done")
"""


@contextmanager
def worker(*uuids: str) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """A process that takes a device and holds it; yields it and what it got."""
    process = subprocess.Popen(
        [sys.executable, "-c", TAKES, *uuids],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    with process:
        yield process, process.stdout.readline().strip()
        process.kill()


def test_each_process_gets_a_device_of_its_own(locks: Path) -> None:
    uuids = (WHOLE, SLICE)
    with worker(*uuids) as (_, first), worker(*uuids) as (_, second), worker(*uuids) as (_, third):
        assert (first, second, third) == (WHOLE, SLICE, "none")
        assert device_take(BOTH) is None


def test_no_two_processes_ever_hold_the_same_device(locks: Path, tmp_path: Path) -> None:
    (tmp_path / "used").mkdir()
    command = [sys.executable, "-c", HURRIES, str(tmp_path / "used"), WHOLE, SLICE]
    workers = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(5)
    ]
    assert [worker.communicate(timeout=120)[0] for worker in workers] == ["done\n"] * 5


def test_workers_with_lists_that_overlap_share_them_out(locks: Path) -> None:
    with worker(WHOLE, OTHER) as (_, first), worker(WHOLE, SLICE) as (_, second):
        assert (first, second) == (WHOLE, SLICE)


def test_the_kernel_frees_what_a_killed_process_held(locks: Path) -> None:
    with worker(WHOLE) as (process, got):
        assert got == WHOLE
        assert device_take([device(WHOLE)]) is None
        process.send_signal(signal.SIGKILL)
        process.wait()
        held = device_take([device(WHOLE)])
        assert held is not None
        held.release()


def test_one_process_does_not_get_it_twice_and_gives_it_back(locks: Path) -> None:
    first = device_take(BOTH)
    second = device_take(BOTH)
    assert first is not None and second is not None
    assert {first.device, second.device} == set(BOTH)
    assert device_take(BOTH) is None
    first.release()
    again = device_take(BOTH)
    assert again is not None and again.device == first.device
    again.release()
    second.release()


def test_what_a_job_starts_does_not_keep_its_device(locks: Path) -> None:
    held = device_take([device()])
    assert held is not None
    child = subprocess.Popen(["sleep", "60"])
    held.release()
    again = device_hold(device())
    child.kill()
    child.wait()
    assert again is not None
    again.release()


def test_a_drained_device_is_passed_over_until_it_is_restored(locks: Path) -> None:
    held = device_take(BOTH)
    assert held is not None and held.device == BOTH[0]
    held.drain("Xid 79 (GPU has fallen off the bus)", (45, 79))
    held.release()
    other = device_take(BOTH)
    assert other is not None and other.device == BOTH[1]
    other.release()
    [(drained, state)] = devices_drained(BOTH).items()
    assert (drained, state.xids) == (BOTH[0], (45, 79))
    assert state.reason == "Xid 79 (GPU has fallen off the bus)" and state.since
    again = device_hold(BOTH[0])
    assert again is not None
    again.restore()
    again.release()
    assert devices_drained(BOTH) == {}
    back = device_take(BOTH)
    assert back is not None and back.device == BOTH[0]
    back.release()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"xids": []}', '{"since": 1, "unknown": 2}'])
def test_a_note_that_can_not_be_read_keeps_it_out_of_service(locks: Path, text: str) -> None:
    held = device_hold(device())
    assert held is not None
    held.state.write_text(text)
    held.release()
    assert device_take([device()]) is None
    state = drained_read(held.state)
    assert state is not None and "can't be read" in state.reason


def test_a_link_in_place_of_a_lock_is_not_followed(locks: Path, tmp_path: Path) -> None:
    (locks / f"{WHOLE}.lock").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(InfrastructureError, match="can't be locked"):
        device_take([device()])
    assert not (tmp_path / "elsewhere").exists()


def test_a_uuid_makes_no_path(locks: Path) -> None:
    held = device_take([device("MIG-GPU-1/../../2")])
    assert held is not None
    held.release()
    assert [path.name for path in locks.iterdir()] == ["MIG-GPU-1_______2.lock"]


def test_a_folder_of_somebody_else_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "theirs").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "theirs")
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "link"))
    with pytest.raises(InfrastructureError, match="belongs to somebody else"):
        locks_folder()
    if os.geteuid() == 0:
        os.chown(tmp_path / "theirs", 12345, 12345)
        monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "theirs"))
        with pytest.raises(InfrastructureError, match=FOLDER_VARIABLE):
            locks_folder()


def test_a_folder_that_can_not_be_made_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "file" / "locks"))
    with pytest.raises(InfrastructureError, match="can't be made for the devices' locks"):
        device_take([device()])
