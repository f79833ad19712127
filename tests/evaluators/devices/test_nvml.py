"""What the driver is asked and what is made of it, through NVIDIA's binding and a library in C."""

import subprocess
import sys
from pathlib import Path

import pytest

from evaluators.devices.choose import devices_parse
from evaluators.devices.nvml import machine_examine
from evaluators.errors import InfrastructureError
from evaluators.sandbox.device_binds import device_binds
from tests.evaluators.devices.conftest import (
    OTHER,
    SECOND_SLICE,
    SLICE,
    WHOLE,
    FakeDriver,
    library_environment,
)

ROOT = Path(__file__).resolve().parents[3]


def names(nvidia: FakeDriver, *nodes: str) -> tuple[str, ...]:
    return tuple(str(nvidia.dev / node) for node in nodes)


def test_a_gpu_has_its_own_node_and_those_of_all(nvidia: FakeDriver) -> None:
    gpu = machine_examine().gpus[0]
    assert (gpu.device.uuid, gpu.device.name, gpu.device.memory_mb) == (WHOLE, "Fake GPU", 24576)
    assert gpu.device.nodes == names(
        nvidia, "nvidia0", "nvidiactl", "nvidia-uvm", "nvidia-uvm-tools"
    )
    assert (gpu.sliced, gpu.slices) == (False, ())


def test_a_slice_has_the_rights_to_its_instances(nvidia: FakeDriver) -> None:
    gpu = machine_examine().gpus[1]
    assert [part.uuid for part in gpu.slices] == [SLICE, SECOND_SLICE]
    assert gpu.slices[1].memory_mb == 4864
    shared = ("nvidia1", "nvidiactl", "nvidia-uvm", "nvidia-uvm-tools")
    assert gpu.slices[1].nodes == names(
        nvidia, *shared, "nvidia-caps/nvidia-cap84", "nvidia-caps/nvidia-cap85"
    )


def test_nodes_that_only_profilers_need_may_be_missing(nvidia: FakeDriver) -> None:
    (nvidia.dev / "nvidia-uvm-tools").unlink()
    assert machine_examine().gpus[0].device.nodes == names(
        nvidia, "nvidia0", "nvidiactl", "nvidia-uvm"
    )


def test_auto_takes_whole_gpus_and_the_slices_of_others(nvidia: FakeDriver) -> None:
    assert [one.uuid for one in devices_parse("auto")] == [WHOLE, SLICE, SECOND_SLICE]


def test_devices_come_in_the_order_named(nvidia: FakeDriver) -> None:
    assert [one.uuid for one in devices_parse(f" {SLICE}, {WHOLE},")] == [SLICE, WHOLE]


def test_an_unknown_device_is_told_which_there_are(nvidia: FakeDriver) -> None:
    with pytest.raises(InfrastructureError) as refused:
        devices_parse("GPU-none")
    for uuid in ("'GPU-none'", WHOLE, SLICE, SECOND_SLICE):
        assert uuid in str(refused.value)


def test_a_gpu_in_mig_mode_is_refused_for_its_slices(nvidia: FakeDriver) -> None:
    with pytest.raises(InfrastructureError, match=f"MIG mode: name slices of it, {SLICE}"):
        devices_parse(f"{OTHER},{SLICE}")


def test_a_gpu_in_mig_mode_without_slices_says_so(nvidia: FakeDriver) -> None:
    nvidia.tell("driver 0", f"gpu {WHOLE} 0 1024 0 0 0", f"gpu {OTHER} 1 1024 1 0 0")
    with pytest.raises(InfrastructureError, match="nvidia-smi mig -cgi"):
        devices_parse(OTHER)
    nvidia.tell("driver 0", f"gpu {OTHER} 1 1024 1 0 0")
    with pytest.raises(InfrastructureError, match="in MIG mode without a slice"):
        devices_parse("auto")


def test_a_device_is_named_once(nvidia: FakeDriver) -> None:
    with pytest.raises(InfrastructureError, match="named twice"):
        devices_parse(f"{WHOLE},{WHOLE}")


def test_no_device_named_is_an_error(nvidia: FakeDriver) -> None:
    with pytest.raises(InfrastructureError, match=f"write auto, or some of {WHOLE}"):
        devices_parse(" , ")


def test_a_broken_gpu_does_not_keep_the_others_from_work(nvidia: FakeDriver) -> None:
    nvidia.change(f"gpu {WHOLE} 0 24576 -1 0", f"gpu {WHOLE} 0 24576 -1 15")
    assert [one.uuid for one in devices_parse("auto")] == [SLICE, SECOND_SLICE]
    with pytest.raises(InfrastructureError, match="GPU 0 can't be used: GPU is lost"):
        devices_parse(WHOLE)


@pytest.mark.parametrize("text", [None, "", "DeviceFileMinor: many\n"])
def test_a_slice_whose_rights_are_hidden_is_refused_where_they_are_needed(
    nvidia: FakeDriver, text: str | None
) -> None:
    access = nvidia.capabilities / "gpu1/mig/gi9/access"
    access.unlink() if text is None else access.write_text(text)
    [hidden] = devices_parse(SLICE)
    assert str(access) in hidden.nodes
    with pytest.raises(InfrastructureError, match=f"{SLICE} needs {access}"):
        device_binds(hidden)


def test_without_a_driver_there_is_a_reason(nvidia: FakeDriver) -> None:
    nvidia.tell("driver 9")
    machine = machine_examine()
    assert machine.usable == ()
    assert machine.reason == "NVIDIA's driver can't be asked: Driver Not Loaded"
    with pytest.raises(InfrastructureError, match="no GPU to judge on: .*Driver Not Loaded"):
        devices_parse("auto")


def test_a_driver_without_gpus_says_so(nvidia: FakeDriver) -> None:
    nvidia.tell("driver 0")
    assert machine_examine().reason == "the driver finds no GPU"


def test_the_library_is_found_as_the_system_finds_it(nvidia: FakeDriver, libraries: Path) -> None:
    code = "from evaluators.devices.nvml import machine_examine as m; print(m().gpus[0].device)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=library_environment(libraries),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert WHOLE in done.stdout, done.stderr
